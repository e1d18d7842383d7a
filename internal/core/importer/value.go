package importer

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/calendar"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/region"
	"github.com/guanxicrm/guanxi/internal/base/text"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// draft is a row on its way to a record.
type draft struct {
	row, line int
	inputs    []records.Input
	refs      []pending
	id        int64  // our own id, when the file holds it
	key       string // what tells rows about the same record; "" when there is no key
	keys      []record.Value
	err       *errs.Error // why it cannot be written
	held      *errs.Error // why it waits for another row
	missing   []string    // what it waits for
	warned    bool
	made      int64  // the record that it is in now
	street    string // what stood behind the names of its region
	found     bool   // its address is that street alone: the file names none
	lines     []*draft
	group     *schema.Lines // of a draft of a detail line
	part      int           // … the row of its record that it is in
	parts     []part        // the rows that make the record, where detail lines are imported
}

// pending is a reference that is still a text.
type pending struct {
	input int // in inputs
	texts []string
}

// memo is what a text was found to mean.
type memo struct {
	v   record.Value
	err *errs.Error
}

// maxMemo bounds the meanings kept for each column.
const maxMemo = 2000

// remembered says whether a field's values repeat so much that their meaning is kept.
func remembered(f *schema.Field) bool {
	return schema.IsChoice(f) || schema.IsRegion(f) || f.Type.Name() == "switch"
}

// draft reads one row.
func (p *plan) draft(cells []sheet.Cell, o *Options, env *schema.Env) *draft {
	d := p.fields(cells, o, env)
	if isTotal(cells) {
		d.err = asOne([]*errs.Error{errs.New(errs.Invalid, "error.import_total")})
		return d
	}
	if d.street != "" {
		d.putStreet(p.address)
	}
	for i := range p.lines {
		if l := &p.lines[i]; l.there(cells, o.Null) {
			line := l.plan.fields(cells, o, env)
			line.group = l.group
			d.lines = append(d.lines, line)
		}
	}
	return d
}

// fields reads what a row says of the fields of one record or line.
func (p *plan) fields(cells []sheet.Cell, o *Options, env *schema.Env) *draft {
	d := &draft{inputs: make([]records.Input, 0, len(p.columns)+2)}
	var bad []*errs.Error
	for i := range p.columns {
		if err := p.read(d, &p.columns[i], cells, o, env); err != nil {
			bad = append(bad, err.At(p.columns[i].path))
		}
	}
	d.err = asOne(bad)
	return d
}

// asOne is one error of several, nil of none.
func asOne(list []*errs.Error) *errs.Error {
	err := errs.Join(list)
	if err == nil {
		return nil
	}
	return err.(*errs.Error) //nolint:forcetypeassert,errorlint // Join gives nothing else
}

// isTotal says whether a row is the total below a table, and no record.
func isTotal(cells []sheet.Cell) bool {
	for i := range cells {
		if t := strings.Trim(cells[i].Text, " 　\t:："); t != "" {
			return slices.Contains([]string{"合计", "总计", "小计", "本页合计", "共计"}, strings.NewReplacer(" ", "", "　", "").Replace(t))
		}
	}
	return false
}

// putStreet puts what stood behind a region's names in front of the address.
func (d *draft) putStreet(f *schema.Field) {
	for i, in := range d.inputs {
		if in.Field == f {
			if t := in.Value.Str(); !strings.HasPrefix(t, d.street) {
				d.inputs[i].Value = record.Text(joinTexts(d.street, t))
			}
			return
		}
	}
	d.inputs, d.found = append(d.inputs, records.Input{Field: f, Value: record.Text(d.street)}), true
}

// over is what a row writes into a record that is there: an address that the
// file does not name takes no other's place.
func (d *draft) over(rec *record.Record, address *schema.Field) []records.Input {
	if !d.found || rec.At(address.Slot).IsNull() {
		return d.inputs
	}
	return slices.DeleteFunc(slices.Clone(d.inputs), func(in records.Input) bool { return in.Field == address })
}

// read takes one field out of a row.
func (p *plan) read(d *draft, c *column, cells []sheet.Cell, o *Options, env *schema.Env) *errs.Error {
	t, cell, null, err := c.cell(cells, o.Null)
	if err != nil {
		return err
	}
	if t == "" {
		if null {
			d.put(c.field, record.Null)
		}
		return nil // an empty cell says nothing
	}
	if strings.IndexByte(t, 0) >= 0 {
		return sqldb.ErrTextNul // also as a key or the name of a record, which are looked up before they are written
	}
	f := c.field
	switch {
	case c.isID:
		n, perr := id.Parse(strings.TrimSpace(t))
		if perr != nil {
			return errs.New(errs.Invalid, "error.id", "value", clip(t))
		}
		d.id = int64(n)
		return nil
	case schema.IsRef(f):
		p.reference(d, c, t)
		return nil
	case f.Type.Name() == "phone":
		return p.phone(d, f, t, env)
	case f.Many():
		return d.many(c, t, env)
	}
	meaning, ok := c.given[strings.TrimSpace(t)]
	switch {
	case ok && meaning == "":
		return nil
	case ok:
		t, cell = meaning, nil
	}
	v, verr := c.value(t, cell, env)
	if verr != nil && schema.IsRegion(f) && p.address != nil {
		code, street, ok := region.Lead(t)
		if ok && f.Type.Validate(f, record.Text(code)) == nil {
			d.street = street
			d.put(f, record.Text(code))
			return nil
		}
	}
	if verr != nil {
		return verr
	}
	if p.foreign && f.Key == "external_id" {
		v = record.Text(longID(v.Str()))
	}
	d.put(f, v)
	return nil
}

// put sets a field; several columns may add to a many-valued one.
func (d *draft) put(f *schema.Field, v record.Value) {
	for i := range d.inputs {
		if d.inputs[i].Field != f {
			continue
		}
		if f.Many() && !v.IsNull() {
			list := slices.Clone(d.inputs[i].Value.List())
			for _, one := range v.List() {
				if !slices.ContainsFunc(list, one.Equal) {
					list = append(list, one)
				}
			}
			d.inputs[i].Value = record.List(list)
		}
		return
	}
	d.inputs = append(d.inputs, records.Input{Field: f, Value: v})
}

// cell gives the text of a field's columns. null says that the file calls it
// empty in words. A single cell is given too, for what it knows beyond its text.
func (c *column) cell(cells []sheet.Cell, null string) (t string, cell *sheet.Cell, isNull bool, err *errs.Error) {
	if c.fixed {
		return c.text, nil, false, nil
	}
	for _, i := range c.at {
		one := &cells[i]
		switch {
		case one.Kind == sheet.Error:
			return "", nil, false, errs.New(errs.Invalid, "error.import_cell", "value", clip(one.Text))
		case null != "" && strings.TrimSpace(one.Text) == null:
			isNull = true
		case len(c.at) == 1:
			if blank(one.Text) {
				return "", nil, false, nil
			}
			return one.Text, one, false, nil
		default:
			t = joinTexts(t, strings.TrimSpace(one.Text))
		}
	}
	return t, nil, isNull && t == "", nil
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }

// joinTexts puts a blank between two texts, but not between Chinese characters.
func joinTexts(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	last, _ := utf8.DecodeLastRuneInString(a)
	first, _ := utf8.DecodeRuneInString(b)
	if unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, first) {
		return a + b
	}
	return a + " " + b
}

// value reads one value. Texts are taken as they stand, blanks and line breaks included.
func (c *column) value(t string, cell *sheet.Cell, env *schema.Env) (record.Value, *errs.Error) {
	f := c.field
	switch f.Type.Name() {
	case "text", "long_text":
		return record.Text(t), nil
	case "rich_text": // its blanks and line breaks mean something too
		return f.Type.Parse(f, t, env)
	case "instant":
		if cell != nil && cell.Kind == sheet.Date && cell.Days != 0 {
			t = moment(cell)
		}
	}
	t = strings.TrimSpace(t)
	if c.parts {
		return ofParts(f, t, env)
	}
	if !remembered(f) {
		return parse(f, t, env)
	}
	m, ok := c.memo[t]
	if !ok {
		m.v, m.err = parse(f, t, env)
		if len(c.memo) >= maxMemo {
			clear(c.memo)
		}
		c.memo[t] = m
	}
	return m.v, m.err
}

// moment writes a date cell in full, also what its format does not show.
func moment(c *sheet.Cell) string {
	day := calendar.Date("1970-01-01").AddDays(int(c.Days))
	ms := int(c.Millis)
	pad := func(n, width int) string {
		s := strconv.Itoa(n)
		return strings.Repeat("0", max(0, width-len(s))) + s
	}
	return string(day) + " " + pad(ms/3_600_000, 2) + ":" + pad(ms/60_000%60, 2) + ":" + pad(ms/1000%60, 2) + "." + pad(ms%1000, 3)
}

// many reads several values of one cell.
func (d *draft) many(c *column, t string, env *schema.Env) *errs.Error {
	f := c.field
	var list []record.Value
	for _, part := range split(f, t) {
		if meaning, ok := c.given[part]; ok {
			part = meaning
		}
		v, err := parse(f, part, env)
		if err != nil {
			return err
		}
		if !v.IsNull() && !slices.ContainsFunc(list, v.Equal) {
			list = append(list, v)
		}
	}
	d.put(f, record.List(list))
	return nil
}

// split cuts a cell of several values at ; , 、 and line ends; a whole cell that
// is one of a field's options stays whole.
func split(f *schema.Field, t string) []string {
	if f.Type.Name() == "phone" {
		return text.SplitPhones(t)
	}
	if schema.IsChoice(f) {
		if v, err := f.Type.Parse(f, strings.TrimSpace(t), nil); err == nil && !v.IsNull() {
			return []string{strings.TrimSpace(t)}
		}
	}
	var out []string
	for _, part := range strings.FieldsFunc(t, func(r rune) bool { return strings.ContainsRune(";；,，、|\n\r", r) }) {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// phone keeps a number as it was written. A cell with several goes to the
// entity's many-valued phones, its first number to the field itself.
func (p *plan) phone(d *draft, f *schema.Field, t string, env *schema.Env) *errs.Error {
	parts := text.SplitPhones(t)
	several := len(parts) > 1 && !slices.ContainsFunc(parts, func(s string) bool { return len(text.NormalizePhone(s, env.Region)) < 3 })
	texts := func() record.Value {
		list := make([]record.Value, len(parts))
		for i, s := range parts {
			list[i] = record.Text(s)
		}
		return record.List(unique(list))
	}
	switch {
	case f.Many() && len(parts) == 0:
		return errs.New(errs.Invalid, "error.phone", "value", clip(t))
	case f.Many():
		d.put(f, texts())
	case several && p.phones != nil:
		d.put(f, record.Text(parts[0]))
		d.put(p.phones, texts())
	default:
		d.put(f, record.Text(strings.TrimSpace(t)))
	}
	return nil
}

func unique(list []record.Value) []record.Value {
	out := list[:0]
	for _, v := range list {
		if !slices.ContainsFunc(out, v.Equal) {
			out = append(out, v)
		}
	}
	return out
}

// reference notes a reference, to be looked up together with those of other rows.
func (p *plan) reference(d *draft, c *column, t string) {
	f := c.field
	parts := []string{strings.TrimSpace(t)}
	if f.Many() {
		parts = split(f, t)
	}
	parts = slices.DeleteFunc(parts, func(part string) bool {
		meaning, ok := c.given[part]
		return ok && meaning == ""
	})
	if len(parts) == 0 {
		return
	}
	for i := range parts {
		if meaning, ok := c.given[parts[i]]; ok {
			parts[i] = meaning
			continue
		}
		parts[i] = strings.TrimPrefix(parts[i], "@") // as a Salesforce tree writes references
		if p.foreign {
			parts[i] = longID(parts[i])
		}
	}
	d.put(f, record.Null)
	d.refs = append(d.refs, pending{len(d.inputs) - 1, parts})
}

// longID gives the 18 characters of a Salesforce id written with 15, which
// mean the same; anything else stays as it is.
func longID(s string) string {
	if len(s) != 15 || !strings.ContainsFunc(s, unicode.IsLetter) {
		return s
	}
	var tail [3]byte
	for block := range 3 {
		n := 0
		for i := range 5 {
			c := s[block*5+i]
			switch {
			case 'A' <= c && c <= 'Z':
				n |= 1 << i
			case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			default:
				return s
			}
		}
		tail[block] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[n]
	}
	return s + string(tail[:])
}

// clip keeps messages short.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
