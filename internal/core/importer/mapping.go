package importer

import (
	"maps"
	"slices"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/sheet"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Mapping says by hand where columns go.
type Mapping struct {
	Headers []string // several are joined with a blank
	Const   string   // a fixed text instead of columns
	Field   string   // "" = leave the columns out
}

// ParseMapping reads Header=field, A+B=field (joined with a blank), "text"=field
// (a fixed text) and Header= (left out).
func ParseMapping(s string) (Mapping, error) {
	at := strings.LastIndexByte(s, '=')
	if at <= 0 {
		return Mapping{}, errs.New(errs.BadRequest, "error.import_map", "map", s)
	}
	from, m := s[:at], Mapping{Field: strings.TrimSpace(s[at+1:])}
	if n := len(from); n >= 2 && from[0] == '"' && from[n-1] == '"' {
		m.Const = from[1 : n-1]
		return m, nil
	}
	m.Headers = []string{from}
	return m, nil
}

// column is one field of the entity and where its text comes from.
type column struct {
	field *schema.Field
	path  string // its key; behind that of its group for a field of detail lines
	at    []int  // columns of the file, joined
	text  string
	fixed bool
	isID  bool // our own id: finds the record, is not written
	memo  map[string]memo
	given map[string]string // what texts mean that the field does not understand; "" = nothing
	parts bool              // percents stand in the file as parts of 1
}

// plan is how rows become records.
type plan struct {
	ent      *schema.Entity
	columns  []column
	keys     []*schema.Field
	byID     bool
	phones   *schema.Field // takes the cells with several numbers
	address  *schema.Field // takes what stands behind the names of a region
	foreign  bool          // Salesforce ids of 15 characters become 18
	lines    []lineSheet   // one for each group of detail lines
	preset   *preset       // the system that wrote the file; nil when nobody knows
	header   []string
	unmapped []string
}

// sample is the beginning of a file.
type sample struct {
	header []string
	rows   [][]string
	known  func(texts []string) bool // some of them are ids of records here
}

// column lists the distinct texts of a column, or of several joined.
func (s *sample) column(null string, at ...int) []string {
	var out []string
	seen := map[string]bool{}
	for _, r := range s.rows {
		t := ""
		for _, i := range at {
			if part := strings.TrimSpace(r[i]); part != null {
				t = joinTexts(t, part)
			}
		}
		if t != "" && !seen[t] {
			seen[t] = true
			out = append(out, t)
		}
	}
	return out
}

// newPlan decides where each column goes: first as told, then by the names of
// the fields, then by what other systems call them.
func newPlan(ent *schema.Entity, actor *access.Actor, s *sample, o *Options) (*plan, error) {
	p := &plan{ent: ent, header: s.header, foreign: looksLikeSalesforce(s.header), preset: recognise(ent.Name, s.header)}
	for i := range ent.Lines {
		g := &ent.Lines[i]
		p.lines = append(p.lines, lineSheet{g, &plan{ent: g.Entity, header: s.header, foreign: p.foreign}})
	}
	taken := make([]bool, len(s.header))
	for i, h := range s.header {
		taken[i] = sheet.IsReason(h)
	}
	left := slices.Clone(taken)
	for _, m := range o.Map {
		if err := p.told(actor, m, taken); err != nil {
			return nil, err
		}
	}
	if o.Exact != nil {
		if err := p.exact(actor, o.Exact, taken); err != nil {
			return nil, err
		}
	} else if told := p.preset.told(ent.Name); told != nil {
		if err := p.asPreset(actor, told, taken); err != nil {
			return nil, err
		}
	} else {
		g := guesser{p: p, actor: actor, s: s, null: o.Null, taken: taken}
		g.guess()
	}
	for i, h := range s.header {
		if !taken[i] && !left[i] {
			p.unmapped = append(p.unmapped, h)
		}
	}
	for c := range p.every() {
		c.memo = map[string]memo{}
		c.given = o.Given[c.path]
		c.parts = c.field.Type.Name() == "percent" && !c.fixed && inParts(s.column(o.Null, c.at...))
	}
	if f := ent.Field("phones"); f != nil && f.Many() && f.Type.Name() == "phone" && actor.Level(ent, f) == schema.Write {
		p.phones = f
	}
	if f := ent.Field("address"); f != nil && f.Type.Name() == "text" && !f.Many() && actor.Level(ent, f) == schema.Write {
		p.address = f
	}
	return p, p.chooseKeys(o.Key, actor.Env.Locale)
}

// told follows one mapping by hand.
func (p *plan) told(actor *access.Actor, m Mapping, taken []bool) error {
	var at []int
	for _, name := range m.Headers {
		found, err := p.find(name)
		if err != nil {
			return err
		}
		at = append(at, found...)
	}
	for _, i := range at {
		taken[i] = true
	}
	if m.Field == "" {
		return nil
	}
	in, f := p.field(m.Field)
	if f == nil || actor.Level(in.ent, f) == schema.Hidden {
		return errs.New(errs.BadRequest, "error.field_unknown", "field", m.Field)
	}
	isID := f.Key == "id" && in == p
	if !isID && !writable(actor, in.ent, f) {
		return errs.New(errs.Forbidden, "error.field_read_only", "field", m.Field)
	}
	if p.columnOf(m.Field) != nil {
		return errs.New(errs.BadRequest, "error.import_field_twice", "field", m.Field)
	}
	if schema.IsFile(f) {
		return errs.New(errs.BadRequest, "error.import_file_field", "field", m.Field)
	}
	in.columns = append(in.columns, column{field: f, path: m.Field, at: at, text: m.Const, fixed: len(m.Headers) == 0, isID: isID})
	return nil
}

// exact maps the named columns and no others; "text" in quotes is a fixed text.
// Several for one field are joined in the order of the file, or that of a known
// join.
func (p *plan) exact(actor *access.Actor, m map[string]string, taken []bool) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if p.headerAt(name) >= 0 {
			continue
		}
		fixed, err := ParseMapping(name + "=" + m[name])
		if err == nil && len(fixed.Headers) == 0 {
			err = p.told(actor, fixed, taken)
		} else {
			return errs.New(errs.BadRequest, "error.import_header", "name", name, "headers", strings.Join(p.header, ", "))
		}
		if err != nil {
			return err
		}
	}
	var order []string
	headers := map[string][]string{}
	for _, h := range p.header {
		key, ok := m[h]
		if !ok || key == "" {
			continue
		}
		if headers[key] == nil {
			order = append(order, key)
		}
		headers[key] = append(headers[key], h)
	}
	for _, key := range order {
		if err := p.told(actor, Mapping{Headers: inOrder(key, headers[key]), Field: key}, taken); err != nil {
			return err
		}
	}
	return nil
}

// inOrder puts the columns of a known join in its order.
func inOrder(key string, headers []string) []string {
	for _, j := range joins {
		if j.field != key || len(j.parts) != len(headers) {
			continue
		}
		out := make([]string, 0, len(headers))
		for _, names := range j.parts {
			i := slices.IndexFunc(headers, func(h string) bool { return slices.Contains(names, sheet.MatchHeader(h)) })
			if i < 0 {
				break
			}
			out = append(out, headers[i])
		}
		if len(out) == len(headers) {
			return out
		}
	}
	return headers
}

// find gives the columns that a name means: a header, or several joined by +.
func (p *plan) find(name string) ([]int, error) {
	if i := p.headerAt(name); i >= 0 {
		return []int{i}, nil
	}
	var at []int
	for _, part := range strings.Split(name, "+") {
		i := p.headerAt(part)
		if i < 0 {
			return nil, errs.New(errs.BadRequest, "error.import_header", "name", part, "headers", strings.Join(p.header, ", "))
		}
		at = append(at, i)
	}
	return at, nil
}

func (p *plan) headerAt(name string) int {
	name = strings.TrimSpace(name)
	if i := slices.Index(p.header, name); i >= 0 {
		return i
	}
	want := sheet.MatchHeader(name)
	return slices.IndexFunc(p.header, func(h string) bool { return sheet.MatchHeader(h) == want })
}

// chooseKeys finds the fields that tell which record a row is about.
func (p *plan) chooseKeys(names []string, locale string) error {
	if len(names) == 0 {
		p.byID = p.columnOf("id") != nil
		return nil
	}
	for _, name := range names {
		name = strings.TrimSpace(name)
		f := p.ent.Field(name)
		if f == nil {
			if i := p.headerAt(name); i >= 0 {
				f = p.fieldOf(i)
			}
		}
		switch {
		case f == nil:
			return errs.New(errs.BadRequest, "error.import_key", "name", name)
		case p.columnOf(f.Key) == nil:
			return errs.New(errs.BadRequest, "error.import_key_unmapped", "name", f.Label.In(locale), "headers", strings.Join(p.header, ", "))
		case f.Key == "id":
			p.byID = true
			continue
		case f.Many() || !f.Stored():
			return errs.New(errs.BadRequest, "error.import_key_type", "name", name)
		}
		p.keys = append(p.keys, f)
	}
	if p.byID && len(p.keys) > 0 {
		return errs.New(errs.BadRequest, "error.import_key_id")
	}
	return nil
}

func (p *plan) columnOf(path string) *column {
	for c := range p.every() {
		if c.path == path {
			return c
		}
	}
	return nil
}

// fieldOf is the field that a column of the file goes to alone.
func (p *plan) fieldOf(at int) *schema.Field {
	for _, c := range p.columns {
		if len(c.at) == 1 && c.at[0] == at {
			return c.field
		}
	}
	return nil
}

// mapped lists where the columns go, in the order of the file.
func (p *plan) mapped() []Mapped {
	out := []Mapped{}
	for i, h := range p.header {
		for c := range p.every() {
			if slices.Contains(c.at, i) {
				out = append(out, Mapped{h, c.path})
			}
		}
	}
	for c := range p.every() {
		if c.fixed {
			out = append(out, Mapped{`"` + c.text + `"`, c.path})
		}
	}
	return out
}

// writable says whether an import may fill a field. What happened elsewhere,
// such as how far an order had come, is the administrators' to tell.
func writable(actor *access.Actor, ent *schema.Entity, f *schema.Field) bool {
	level := actor.Level(ent, f)
	switch {
	case f.System || f == ent.Parent || f == ent.Position:
		return false
	case f.Imported && (actor.IsSystem() || actor.Admin()):
		return level >= schema.Read
	}
	return level == schema.Write
}
