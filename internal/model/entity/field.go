// Package entity is how modules declare what data is: typed field handles,
// definitions with their hooks, and the registry that compiles definitions and
// the overlay of administrators into a snapshot.
package entity

import (
	"sync/atomic"

	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Declared is a field handle of any type, for lists of fields.
type Declared interface {
	declaration() *schema.Field
	place(n int)
}

// Field is a typed handle on a built-in field: the compiler checks its name
// and type, reading is an index.
type Field[T any] struct {
	def schema.Field
	n   atomic.Int32 // position among the declared fields, -1 where Fields did not place it; a definition may be made for several installations at once
	get func(record.Value) T
	put func(T) record.Value
}

func newField[T any](key, typ string, get func(record.Value) T, put func(T) record.Value) *Field[T] {
	f := &Field[T]{def: schema.Field{Key: key, Type: schema.TypeNamed(typ)}, get: get, put: put}
	f.n.Store(-1)
	return f
}

func (f *Field[T]) declaration() *schema.Field { return &f.def }
func (f *Field[T]) place(n int)                { f.n.Store(int32(n)) }

// Key is the field's api name.
func (f *Field[T]) Key() string { return f.def.Key }

// Get reads the field of a record of its entity.
func (f *Field[T]) Get(r *record.Record) T { return f.get(f.Value(r)) }

// Value reads the stored value; null is not told apart by Get.
func (f *Field[T]) Value(r *record.Record) record.Value { return r.At(f.slot(r)) }

// Set changes the field of a record of its entity.
func (f *Field[T]) Set(r *record.Record, v T) { r.SetAt(f.slot(r), f.put(v)) }

// Clear empties the field.
func (f *Field[T]) Clear(r *record.Record) { r.SetAt(f.slot(r), record.Null) }

// slot is where the field stands in a record: a field that an extension adds
// is found by its key.
func (f *Field[T]) slot(r *record.Record) int {
	n := int(f.n.Load())
	if n < 0 {
		return r.Shape.Slot(f.def.Key)
	}
	return r.Shape.Base + n
}

// Required makes an empty value an error.
func (f *Field[T]) Required() *Field[T] { f.def.Required = true; return f }

// VisibleWhen shows the field only where a condition over other fields of the
// record holds; what it holds is kept all the same.
func (f *Field[T]) VisibleWhen(cond *query.Node) *Field[T] {
	f.def.VisibleWhen = query.Print(cond)
	return f
}

// RequiredWhen makes an empty value an error where a condition over other
// fields of the record holds.
func (f *Field[T]) RequiredWhen(cond *query.Node) *Field[T] {
	f.def.RequiredWhen = query.Print(cond)
	return f
}

// Unique refuses a second record with the same value, deleted ones aside.
func (f *Field[T]) Unique() *Field[T] { f.def.Unique = true; return f }

// ReadOnly keeps the field from forms and imports: only hooks and actions set it.
func (f *Field[T]) ReadOnly() *Field[T] { f.def.ReadOnly = true; return f }

// Imported lets administrators fill a read-only field by an import: how far
// a record had come in the system that it comes from.
func (f *Field[T]) Imported() *Field[T] { f.def.Imported = true; return f }

// Audited names the field's changes in the audit log.
func (f *Field[T]) Audited() *Field[T] { f.def.Audited = true; return f }

// Coded says that the program reads the codes of a choice: administrators name,
// colour and order its options and no more.
func (f *Field[T]) Coded() *Field[T] { f.def.Coded = true; return f }

// Folded keeps a key beside the text, so that contains and starts_with ignore case, width and blanks.
func (f *Field[T]) Folded() *Field[T] { f.def.Folded = true; return f }

// Sortable keeps a pinyin sort key beside the text.
func (f *Field[T]) Sortable() *Field[T] { f.def.Sortable = true; return f }

// Company keeps a key without company suffixes, for duplicate rules by "company".
func (f *Field[T]) Company() *Field[T] { f.def.Company = true; return f }

// Search puts the field's text into the search index.
func (f *Field[T]) Search() *Field[T] { f.def.Search = true; return f }

// InBase makes an amount one of the company's own currency, whatever currency
// the record is in.
func (f *Field[T]) InBase() *Field[T] { f.def.Set.Currency = schema.BaseCurrency; return f }

// AmountWhen says that a figure is an amount in the company's own currency where
// a choice beside it has one of the codes; elsewhere it is a plain number.
func (f *Field[T]) AmountWhen(choice Declared, codes ...string) *Field[T] {
	f.def.Set.Amount = &schema.Amount{Field: choice.declaration().Key, In: codes}
	return f
}

// Apart says that the figures of a field do not add up: prices, rates.
func (f *Field[T]) Apart() *Field[T] { f.def.Set.Apart = true; return f }

// RateOf makes a figure the rate that turns amounts in the currency of another
// field into the company's own; where that is the company's own, none is asked for.
func (f *Field[T]) RateOf(currency Declared) *Field[T] {
	f.def.Set.RateOf = currency.declaration().Key
	return f
}

// In makes an amount one in the currency that another field of the record says.
func (f *Field[T]) In(currency Declared) *Field[T] {
	f.def.Set.Currency = currency.declaration().Key
	return f
}

// Leads empties other fields when this one changes, unless the same write sets
// them: another product has another name and price.
func (f *Field[T]) Leads(to ...Declared) *Field[T] {
	for _, one := range to {
		f.def.Leads = append(f.def.Leads, one.declaration().Key)
	}
	return f
}

// Only bounds what a reference may point to, in the text form of filters;
// {key} stands for the value of another field of the record.
func (f *Field[T]) Only(filter string) *Field[T] { f.def.Set.Filter = filter; return f }

// Asks makes a text a condition on records of an entity, in the text form of
// filters: it is checked when it is written, the page offers its fields and
// operators, and rules ask Reader.Holds of it.
func (f *Field[T]) Asks(entity string) *Field[T] { f.def.Set.Asks = entity; return f }

// Sensitive marks personal data, which roles may be given masked.
func (f *Field[T]) Sensitive() *Field[T] { f.def.Sensitive = true; return f }

// With hides the field together with another one of the record: who does not see
// what things cost does not see what follows from it.
func (f *Field[T]) With(other Declared) *Field[T] {
	f.def.With = other.declaration().Key
	return f
}

// Default is the value of a new record in text form; today() and me work. Of
// an action's input, {key} is the value of a field of the record it is taken on.
func (f *Field[T]) Default(text string) *Field[T] { f.def.Default = text; return f }

// Colors gives the options of a choice their colours, in order; names of the
// page's palette.
func (f *Field[T]) Colors(names ...string) *Field[T] {
	for i, name := range names {
		f.def.Set.Options[i].Color = name
	}
	return f
}

// Level bounds a region to 1 province, 2 city or 3 county.
func (f *Field[T]) Level(n int) *Field[T] { f.def.Set.Level = n; return f }

// Between bounds a number, amount or date, in text form; "" is open.
func (f *Field[T]) Between(low, high string) *Field[T] {
	f.def.Set.Low, f.def.Set.High = low, high
	return f
}

func getText(v record.Value) string { return v.Str() }
func getInt(v record.Value) int64   { return v.Int() }
func getBool(v record.Value) bool   { return v.Bool() }

func getList(v record.Value) []record.Value { return v.List() }

// Text is one line of at most limit characters; 0 = 255.
func Text(key string, limit int) *Field[string] {
	f := newField(key, "text", getText, record.Text)
	f.def.Set.Max = limit
	return f
}

// LongText is text of many lines.
func LongText(key string) *Field[string] { return newField(key, "long_text", getText, record.Text) }

// RichText is formatted text: canonical markup (base/richtext).
func RichText(key string) *Field[string] { return newField(key, "rich_text", getText, record.Text) }

// Number is a whole number.
func Number(key string) *Field[int64] { return newField(key, "number", getInt, record.Int) }

// Decimal is an exact decimal in units of 1/1,000,000, shown with at least digits.
func Decimal(key string, digits int) *Field[int64] {
	f := newField(key, "decimal", getInt, record.Int)
	f.def.Set.Digits = digits
	return f
}

// Percent is a decimal read with a % sign.
func Percent(key string) *Field[int64] { return newField(key, "percent", getInt, record.Int) }

// Money is an amount in units of 1/10,000 of the base currency.
func Money(key string) *Field[int64] { return newField(key, "money", getInt, record.Int) }

// Date is a day, YYYY-MM-DD.
func Date(key string) *Field[string] { return newField(key, "date", getText, record.Text) }

// Instant is a moment in microseconds UTC.
func Instant(key string) *Field[int64] { return newField(key, "instant", getInt, record.Int) }

// Switch is yes or no.
func Switch(key string) *Field[bool] { return newField(key, "switch", getBool, record.Bool) }

// Choice is one code of a dictionary; labels come from the module's texts.
func Choice(key string, codes ...string) *Field[string] {
	f := newField(key, "choice", getText, record.Text)
	for _, c := range codes {
		f.def.Set.Options = append(f.def.Set.Options, schema.Option{Code: c})
	}
	return f
}

// Choices is several codes of a dictionary.
func Choices(key string, codes ...string) *Field[[]record.Value] {
	f := newField(key, "choice", getList, record.List)
	f.def.Set.Many = true
	for _, c := range codes {
		f.def.Set.Options = append(f.def.Set.Options, schema.Option{Code: c})
	}
	return f
}

// Ref is a record of another entity, 0 = none.
func Ref(key, target string) *Field[int64] {
	f := newField(key, "reference", getInt, putRef)
	f.def.Set.Target = target
	return f
}

func putRef(n int64) record.Value {
	if n == 0 {
		return record.Null
	}
	return record.Int(n)
}

// Refs is several records of another entity.
func Refs(key, target string) *Field[[]record.Value] {
	f := newField(key, "reference", getList, record.List)
	f.def.Set.Target, f.def.Set.Many = target, true
	return f
}

// Member is a person of the company.
func Member(key string) *Field[int64] { return newField(key, "member", getInt, putRef) }

// Members is several people of the company.
func Members(key string) *Field[[]record.Value] {
	f := newField(key, "member", getList, record.List)
	f.def.Set.Many = true
	return f
}

// AnyRef is a record of one of several entities; it prints as entity:ID.
func AnyRef(key string, targets ...string) *Field[record.Value] {
	same := func(v record.Value) record.Value { return v }
	f := newField(key, "any_ref", same, same)
	f.def.Set.Targets = targets
	return f
}

// Dept is a department.
func Dept(key string) *Field[int64] { return newField(key, "department", getInt, putRef) }

// Depts is several departments.
func Depts(key string) *Field[[]record.Value] {
	f := newField(key, "department", getList, record.List)
	f.def.Set.Many = true
	return f
}

// Region is a province, city or county.
func Region(key string) *Field[string] { return newField(key, "region", getText, record.Text) }

// Phone is a phone number.
func Phone(key string) *Field[string] { return newField(key, "phone", getText, record.Text) }

// Phones is several phone numbers.
func Phones(key string) *Field[[]record.Value] {
	f := newField(key, "phone", getList, record.List)
	f.def.Set.Many = true
	return f
}

// Email is a mail address.
func Email(key string) *Field[string] { return newField(key, "email", getText, record.Text) }

// URL is a web address.
func URL(key string) *Field[string] { return newField(key, "url", getText, record.Text) }

// Files is any number of uploaded files.
func Files(key string) *Field[[]record.Value] {
	f := newField(key, "file", getList, record.List)
	f.def.Set.Many = true
	return f
}

// AutoNumber is a number given by the system when the record is saved.
func AutoNumber(key string, n schema.Numbering) *Field[string] {
	f := newField(key, "auto_number", getText, record.Text)
	f.def.Set.Number = &n
	return f
}

// Formula is computed from other fields; result is the name of a type.
func Formula(key, result, text string) *Field[int64] {
	f := newField(key, "formula", getInt, record.Int)
	f.def.Set.Formula, f.def.Set.Result = text, result
	return f
}

// Rollup is kept from the records of an entity that point here.
func Rollup(key string, r schema.Rollup) *Field[int64] {
	f := newField(key, "rollup", getInt, record.Int)
	f.def.Set.Rollup = &r
	return f
}

// Fields lists the fields of a definition in order and gives each its place.
func Fields(list ...Declared) []Declared {
	for i, f := range list {
		f.place(i)
	}
	return list
}

// KeyOf is the api name of a field of any type.
func KeyOf(f Declared) string { return f.declaration().Key }
