// Package desk keeps what a member has around his work: how the page looks to
// him, the records and lists that he starred, what he saw last, and how he
// mapped the columns of files before (PER-2, PER-3, PLT-13). None of it is a
// record: it has no history and no rights of its own, and whoever reads a name
// here has the rights of that moment asked again.
package desk

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Tables are the tables of this package.
func Tables() []ddl.Table {
	text := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindText, NotNull: true} }
	num := func(name string) ddl.Column { return ddl.Column{Name: name, Kind: record.KindInt, NotNull: true} }
	return []ddl.Table{
		{Name: "desk_note", Key: []string{"member", "name"}, NoRowid: true, Columns: []ddl.Column{num("member"), text("name"), text("body"), num("at")}},
		{Name: "desk_mark", Key: []string{"member", "kind", "entity", "target"}, NoRowid: true,
			Columns: []ddl.Column{num("member"), text("kind"), text("entity"), text("target"), num("at")}},
	}
}

// Store reads and writes what members keep.
type Store struct {
	db    sqldb.DB
	clock clock.Clock
}

// New makes a store over the tables of Tables.
func New(db sqldb.DB, c clock.Clock) *Store { return &Store{db: db, clock: c} }

// Look is how the page looks to a member; "" leaves it to the browser or to
// the page's own choice.
type Look struct {
	Theme     string   `json:"theme" doc:"system, light or dark"`
	Density   string   `json:"density" doc:"compact, normal or wide"`
	Size      string   `json:"size" doc:"Size of letters: normal, large or larger"`
	Trend     string   `json:"trend" doc:"Colour of gains: red or green"`
	Shortcuts string   `json:"shortcuts" doc:"on or off"`
	Folded    []string `json:"folded" doc:"Groups of the navigation that are folded"`
}

// maxFolded bounds the groups of the navigation that are remembered.
const maxFolded = 50

var looks = map[string][]string{
	"theme":     {"", "system", "light", "dark"},
	"density":   {"", "compact", "normal", "wide"},
	"size":      {"", "normal", "large", "larger"},
	"trend":     {"", "red", "green"},
	"shortcuts": {"", "on", "off"},
}

// check refuses values that the page does not know.
func (l *Look) check() error {
	var bad []*errs.Error
	for _, x := range []struct{ name, value string }{
		{"theme", l.Theme}, {"density", l.Density}, {"size", l.Size}, {"trend", l.Trend}, {"shortcuts", l.Shortcuts}} {
		if !slices.Contains(looks[x.name], x.value) {
			bad = append(bad, errs.New(errs.Invalid, "error.option", "value", x.value).At(x.name))
		}
	}
	long := slices.ContainsFunc(l.Folded, func(s string) bool { return len(s) > 64 || sqldb.CheckText(s) != nil })
	if len(l.Folded) > maxFolded || long {
		bad = append(bad, errs.New(errs.Invalid, "error.value").At("folded"))
	}
	return errs.Join(bad)
}

const lookNote = "look"

// Look reads how the page looks to a member.
func (s *Store) Look(ctx context.Context, member int64) (Look, error) {
	l := Look{Folded: []string{}}
	err := s.Note(ctx, member, lookNote, &l)
	return l, err
}

// SaveLook keeps it. Errors: Invalid with the field that the page does not know.
func (s *Store) SaveLook(ctx context.Context, member int64, l Look) error {
	if err := l.check(); err != nil {
		return err
	}
	if l.Folded == nil {
		l.Folded = []string{}
	}
	return s.Keep(ctx, member, lookNote, l)
}

var (
	noteSQL   = ddl.Both(`SELECT body FROM desk_note WHERE member = $1 AND name = $2`)
	keepSQL   = ddl.Both(`INSERT INTO desk_note (member, name, body, at) VALUES ($1, $2, $3, $4) ON CONFLICT (member, name) DO UPDATE SET body = excluded.body, at = excluded.at`)
	oldestSQL = ddl.Both(`DELETE FROM desk_note WHERE member = $1 AND name IN (SELECT name FROM desk_note WHERE member = $1 AND name <> $2 ORDER BY at DESC, name LIMIT 1000 OFFSET $3)`)
	textKinds = []record.Kind{record.KindText}
)

// maxNotes is how many notes a member has; the oldest go first, his look stays.
const maxNotes = 200

// Note reads what a member keeps under a name into v; v stays as it is when
// there is nothing.
func (s *Store) Note(ctx context.Context, member int64, name string, v any) error {
	var rows sqldb.Rows
	err := s.db.ReadOne(ctx, noteSQL.For(s.db.Dialect()), []record.Value{record.Int(member), record.Text(name)}, textKinds, &rows)
	if err != nil || rows.Len() == 0 {
		return err
	}
	return json.Unmarshal([]byte(rows.At(0, 0).Str()), v)
}

// Keep writes v down under a name, over what was there.
func (s *Store) Keep(ctx context.Context, member int64, name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		d, who := tx.Dialect(), record.Int(member)
		if _, err := tx.Exec(ctx, keepSQL.For(d), who, record.Text(name), record.Text(string(raw)), s.now()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, oldestSQL.For(d), who, record.Text(lookNote), record.Int(maxNotes))
		return err
	})
}

func (s *Store) now() record.Value { return record.Int(s.clock.Now().UnixMicro()) }
