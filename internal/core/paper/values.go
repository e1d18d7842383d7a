package paper

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// values fills templates in for one record.
type values struct {
	st        *entity.State
	root      *records.Leaf
	company   *customize.Company
	bank      customize.BankAccount
	actor     *access.Actor
	now       time.Time
	texts     *i18n.Bundle
	languages []string
	page      int // while the line of a page is written
	pages     int
}

// place is where a template stands: in the record or in one of its lines.
type place struct {
	leaf *records.Leaf
	no   int // of a line, from 1
}

// found is a value and what it is one of.
type found struct {
	field *schema.Field
	shown records.Shown
	leaf  *records.Leaf
}

// at follows a path; nothing where the reader may not go.
func (v *values) at(p place, path []string) (f found, ok bool) {
	leaf := p.leaf
	for i, key := range path {
		if leaf == nil {
			return f, false
		}
		if i == len(path)-1 {
			shown, there := leaf.Values[key]
			field := leaf.Entity.Field(key)
			return found{field, shown, leaf}, there && field != nil
		}
		leaf = leaf.Refs[key]
	}
	return f, false
}

// fill writes a template in one language.
func (v *values) fill(p place, template, locale string) string {
	pieces, err := schema.PrintPieces(template)
	if err != nil {
		return template
	}
	var b strings.Builder
	for _, piece := range pieces {
		switch {
		case piece.Fact != "":
			b.WriteString(v.fact(p, piece, locale))
		case piece.Path != nil:
			if f, ok := v.reckon(p, &piece); ok {
				b.WriteString(v.show(f, piece.Form, locale))
			}
		default:
			b.WriteString(piece.Text)
		}
	}
	return b.String()
}

// label writes what an item is called, in all languages of the layout, a sign
// between them; labels left out are those of the field that the template shows.
func (v *values) label(item *schema.PrintItem, of *schema.Entity, sign string) string {
	l := item.Label
	if l.In("zh-CN") == "" {
		if f := v.fieldOf(item.Value, of); f != nil {
			l = f.Label
		}
	}
	return v.beside(l, place{leaf: v.root}, sign)
}

// beside writes a text in the layout's languages with a sign in between.
func (v *values) beside(l schema.Labels, p place, sign string) string {
	var out []string
	for _, locale := range v.languages {
		if s := v.fill(p, l.In(locale), locale); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, sign)
}

// value writes the value of an item in the layout's languages, line for line;
// short ones stand beside one another, long ones below.
func (v *values) value(p place, template string) string {
	lines := strings.Split(template, "\n")
	for i, line := range lines {
		lines[i] = v.valueLine(p, line)
	}
	return strings.Trim(strings.Join(lines, "\n"), " \n–")
}

func (v *values) valueLine(p place, template string) string {
	var out []string
	long := 0
	languages := v.languages
	switch { // an amount in words is in one language, and so is what stands before it
	case strings.Contains(template, "|upper}"):
		languages = []string{"zh-CN"}
	case strings.Contains(template, "|words}"):
		languages = []string{"en"}
	}
	for _, locale := range languages {
		if s := v.fill(p, template, locale); s != "" && !slices.Contains(out, s) {
			out = append(out, s)
			long = max(long, len(s))
		}
	}
	if long > 36 {
		return strings.Join(out, "\n")
	}
	return strings.Join(out, " / ")
}

// fieldOf is the field of a template that is one field and no more.
func (v *values) fieldOf(template string, of *schema.Entity) *schema.Field {
	pieces, err := schema.PrintPieces(template)
	if err != nil || len(pieces) != 1 || pieces[0].Path == nil {
		return nil
	}
	if len(pieces[0].More) > 0 {
		return reckoned()
	}
	return v.st.PrintPath(of, pieces[0].Path)
}

// hidden says whether a template shows one field and the reader may not see it.
func (v *values) hidden(template string, of *schema.Entity) bool {
	pieces, err := schema.PrintPieces(template)
	if err != nil || len(pieces) != 1 {
		return false
	}
	return slices.ContainsFunc(pieces[0].Paths(), func(path []string) bool { return v.hiddenPath(path, of) })
}

func (v *values) hiddenPath(path []string, of *schema.Entity) bool {
	for i, key := range path {
		f := of.Field(key)
		if f == nil || v.actor.Level(of, f) == schema.Hidden {
			return true
		}
		if i < len(path)-1 {
			if of = v.st.Entity(schema.RefTarget(f)); of == nil {
				return true
			}
		}
	}
	return false
}

// show writes a value as papers have it.
func (v *values) show(f found, form, locale string) string {
	s := f.shown
	if s.Masked || s.Value.IsNull() || f.field.Many() {
		return v.labels(f, locale)
	}
	switch f.field.Type.Name() {
	case "money":
		return v.money(s.Value.Int(), v.currency(f), form)
	case "decimal":
		return v.number(s.Value.Int(), 6, f.field.Set.Digits, form)
	case "percent":
		return v.number(s.Value.Int(), 6, f.field.Set.Digits, form) + "%"
	case "number":
		return v.number(s.Value.Int(), 0, 0, form)
	case "date":
		return v.date(s.Value.Str(), form, locale)
	case "instant":
		t := time.UnixMicro(s.Value.Int()).In(v.now.Location())
		if form == "long" {
			return v.date(t.Format("2006-01-02"), form, locale)
		}
		return t.Format("2006-01-02 15:04")
	}
	if form == "plain" && schema.IsChoice(f.field) {
		return s.Value.Str()
	}
	return v.labels(f, locale)
}

// labels writes a value in words.
func (v *values) labels(f found, locale string) string {
	if f.shown.Masked || f.field.Slot == record.SlotID || schema.IsRef(f.field) || schema.IsAnyRef(f.field) || schema.IsFile(f.field) {
		return strings.Join(f.shown.Labels, listSign(locale))
	}
	env := v.actor.Env
	env.Locale, env.Zone = locale, v.now.Location()
	one := func(x record.Value) string { return schema.Words(f.field, x, &env) }
	if !f.field.Many() {
		if f.shown.Value.IsNull() {
			return ""
		}
		return one(f.shown.Value)
	}
	var out []string
	for _, x := range f.shown.Value.List() {
		out = append(out, one(x))
	}
	return strings.Join(out, listSign(locale))
}

func listSign(locale string) string {
	if locale == "en" {
		return ", "
	}
	return "、"
}

// currency is that of an amount: of the field that its own field names, of the
// document, of the company.
func (v *values) currency(f found) string {
	if f.field.Set.Currency == schema.BaseCurrency {
		return v.company.Currency
	}
	for _, try := range []struct {
		leaf *records.Leaf
		key  string
	}{{f.leaf, f.field.Set.Currency}, {v.root, "currency"}} {
		if try.key == "" {
			continue
		}
		if code := codeOf(try.leaf, try.key); code != "" {
			return code
		}
	}
	return v.company.Currency
}

// codeOf reads a currency from a choice, a text or a reference whose label
// begins with its code.
func codeOf(leaf *records.Leaf, key string) string {
	s, ok := leaf.Values[key]
	if !ok || s.Masked {
		return ""
	}
	code := ""
	if s.Value.Kind() == record.KindText {
		code = s.Value.Str()
	} else if len(s.Labels) > 0 {
		code = s.Labels[0]
	}
	if code = strings.ToUpper(code); len(code) > 3 {
		code = code[:3]
	}
	if !slices.Contains(decimal.Currencies(), code) {
		return ""
	}
	return code
}

func (v *values) money(n int64, currency, form string) string {
	switch form {
	case "upper":
		return money.Upper(n, currency)
	case "words":
		return english(n, currency)
	}
	return v.number(n, 4, decimal.MinorUnits(currency), form)
}

// number writes a scaled number with its digits in groups of three.
func (v *values) number(n int64, scale, least int, form string) string {
	s := decimal.Format(n, scale, least)
	if form == "plain" {
		return s
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, rest, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		whole += "." + rest
	}
	return sign + whole
}

// date writes a day; long ones in words.
func (v *values) date(s, form, locale string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil || form != "long" {
		return s
	}
	if locale == "en" {
		return t.Format("January 2, 2006")
	}
	return t.Format("2006年1月2日")
}

// fact writes what is known beside the record.
func (v *values) fact(p place, piece schema.PrintPiece, locale string) string {
	c := v.company
	either := func(zh, en string) string {
		if locale == "en" && en != "" {
			return en
		}
		return zh
	}
	switch piece.Fact {
	case "company.name":
		return either(c.Name, c.NameEn)
	case "company.name_en":
		return c.NameEn
	case "company.short_name":
		return c.ShortName
	case "company.tax_number":
		return c.TaxNumber
	case "company.address":
		return either(c.Address, c.AddressEn)
	case "company.address_en":
		return c.AddressEn
	case "company.phone":
		return c.Phone
	case "company.email":
		return c.Email
	case "company.website":
		return strings.TrimPrefix(c.Website, "https://")
	case "company.currency":
		return c.Currency
	case "today":
		return v.date(v.now.Format("2006-01-02"), piece.Form, locale)
	case "now":
		return v.now.Format("2006-01-02 15:04")
	case "member":
		if v.actor.Member != nil {
			return v.actor.Member.Name
		}
		return ""
	case "page":
		return strconv.Itoa(v.page)
	case "pages":
		return strconv.Itoa(v.pages)
	case "no":
		return strconv.Itoa(p.no)
	}
	return v.bankFact(piece.Fact)
}

func (v *values) bankFact(name string) string {
	switch name {
	case "bank.bank":
		return v.bank.Bank
	case "bank.branch":
		return v.bank.Branch
	case "bank.account":
		if v.bank.Account == "" && v.bank.Number != "" {
			return v.fill(place{leaf: v.root}, "{@company.name}", v.languages[len(v.languages)-1])
		}
		return v.bank.Account
	case "bank.number":
		return v.bank.Number
	case "bank.swift":
		return v.bank.Swift
	case "bank.currency":
		return v.bank.Currency
	}
	return ""
}

// chooseBank takes the account of the document's currency, else the usual one.
func (v *values) chooseBank() {
	currency := codeOf(v.root, "currency")
	for _, b := range v.company.Banks {
		if b.Default || v.bank.Number == "" {
			v.bank = b
		}
	}
	if v.bank.Currency == currency || currency == "" {
		return
	}
	for _, b := range v.company.Banks {
		if b.Currency == currency {
			v.bank = b
			return
		}
	}
}

// banks are the accounts that a block shows.
func (v *values) banks(which string) []customize.BankAccount {
	switch which {
	case "all":
		return v.company.Banks
	case "currency":
		currency := codeOf(v.root, "currency")
		if currency == "" {
			currency = v.company.Currency
		}
		var out []customize.BankAccount
		for _, b := range v.company.Banks {
			if b.Currency == currency {
				out = append(out, b)
			}
		}
		return out
	}
	if v.bank.Number == "" {
		return nil
	}
	return []customize.BankAccount{v.bank}
}

// fileName is what the document is called: the layout and the record's title.
func (v *values) fileName(l *schema.Print) string {
	name := l.Label.In(v.languages[0])
	if t := v.root.Entity.Title; t != nil {
		if s := strings.Join(v.root.Values[t.Key].Labels, ""); s != "" {
			name += " " + s
		}
	}
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '-'
		}
		return r
	}, strings.TrimSpace(name))
	if r := []rune(name); len(r) > 100 {
		name = string(r[:100])
	}
	return name + ".pdf"
}
