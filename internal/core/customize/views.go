package customize

import (
	"context"
	"encoding/json"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// View is a saved list: private to its owner, or shared with everybody who may
// read the entity (PLT-8).
type View struct {
	ID      int64    `json:"-"`
	Entity  string   `json:"-"`
	Name    string   `json:"-"`
	Owner   int64    `json:"-"`
	Shared  bool     `json:"-"`
	Filter  string   `json:"filter"`
	Sort    string   `json:"sort"`
	Columns []string `json:"columns"`
	// Kind is how the records are shown: list, board or calendar; "" = list.
	Kind string `json:"kind,omitempty"`
	// By is the field whose values are the columns of a board, or whose days
	// place the records in a calendar.
	By string `json:"by,omitempty"`
	// Group is what the rows of a list are grouped by: a field, of times with a
	// unit ("created_at:month"); "" = nothing.
	Group string `json:"group,omitempty"`
	// Sum is the figure that columns and groups add up; "" = none was chosen.
	Sum string `json:"sum,omitempty"`
	// Span is how long a calendar shows: month or week; "" = month.
	Span string `json:"span,omitempty"`
	// Limits say of columns of a board, by code or id, how many cards they
	// should hold at most; more are shown as too many, nobody is kept from it.
	Limits map[string]int `json:"limits,omitempty"`
	// Widths are those of columns that somebody pulled, in pixels.
	Widths map[string]int `json:"widths,omitempty"`
	// First makes the view the one a list opens with: a private one for its
	// owner, a shared one for everybody who has none of his own or of a role of his.
	First bool `json:"first,omitempty"`
	// FirstFor are the roles whose members a shared view opens first for.
	FirstFor []int64 `json:"first_for,omitempty"`
}

// maxLimits is of how many columns a view keeps a limit.
const maxLimits = 200

// maxViews is the most views a member may keep.
const maxViews = 500

var viewKinds = []record.Kind{record.KindInt, record.KindText, record.KindText, record.KindInt, record.KindInt, record.KindText}

// Views lists the views a member sees: his own and the shared ones of an entity ("" = all).
func (s *Store) Views(ctx context.Context, member int64, entity string) ([]View, error) {
	var rows sqldb.Rows
	err := s.db.ReadOne(ctx, bind(s.db.Dialect(), "SELECT id, entity, name, owner, shared, body FROM view WHERE (owner = ?1 OR shared = 1) AND (?2 = '' OR entity = ?2) ORDER BY id"),
		[]record.Value{record.Int(member), record.RawText(entity)}, viewKinds, &rows)
	if err != nil {
		return nil, err
	}
	out := make([]View, rows.Len())
	for i := range out {
		if out[i], err = viewOf(rows.Row(i)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func viewOf(r []record.Value) (View, error) {
	var v View
	err := json.Unmarshal([]byte(r[5].Str()), &v)
	v.ID, v.Entity, v.Name, v.Owner, v.Shared = r[0].Int(), r[1].Str(), r[2].Str(), r[3].Int(), r[4].Bool()
	return v, err
}

// Keeper is who saves a view.
type Keeper struct {
	Member int64
	Admin  bool // may change what others shared, and say whom it opens first for
	Shares bool // may share
}

func (k Keeper) check(v *View) error {
	if n := utf8.RuneCountInString(v.Name); n == 0 || n > 60 {
		return errs.New(errs.Invalid, "error.view_name").At("name")
	}
	for _, w := range v.Widths {
		if w < 40 || w > 2000 {
			return errs.New(errs.Invalid, "error.view_width").At("widths")
		}
	}
	for _, n := range v.Limits {
		if n < 1 || n > 9999 {
			return errs.New(errs.Invalid, "error.view_limit").At("limits")
		}
	}
	if len(v.Limits) > maxLimits {
		return errs.New(errs.Invalid, "error.view_limit").At("limits")
	}
	switch {
	case v.Shared && !k.Admin && !k.Shares:
		return errs.New(errs.Forbidden, "error.view_shared").At("shared")
	case v.Shared && !k.Admin && v.ID == 0 && (v.First || len(v.FirstFor) > 0):
		return errs.New(errs.Forbidden, "error.view_first").At("first")
	case !v.Shared && len(v.FirstFor) > 0:
		return errs.New(errs.Invalid, "error.view_first_private").At("first_for")
	}
	return nil
}

// SaveView writes a new view (ID 0) or changes one of the member's own;
// administrators may change shared ones. What opens first for whom is left as
// it was where the keeper may not say it.
func (s *Store) SaveView(ctx context.Context, k Keeper, v View) (View, error) {
	if err := k.check(&v); err != nil {
		return v, err
	}
	added := v.ID == 0
	if added {
		v.ID, v.Owner = int64(s.ids.Next()), k.Member
	}
	err := s.db.Write(ctx, func(tx sqldb.Tx) error {
		if !added {
			return k.change(ctx, tx, &v)
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return err
		}
		return addView(ctx, tx, &v, raw)
	})
	return v, err
}

// change writes a view that is there already.
func (k Keeper) change(ctx context.Context, tx sqldb.Tx, v *View) error {
	var rows sqldb.Rows
	err := tx.Query(ctx, bind(tx.Dialect(), "SELECT id, entity, name, owner, shared, body FROM view WHERE id = ?1 AND entity = ?2 AND (owner = ?3 OR ?4 = 1 AND shared = 1)"),
		[]record.Value{record.Int(v.ID), record.RawText(v.Entity), record.Int(k.Member), record.Bool(k.Admin)}, viewKinds, &rows)
	if err != nil {
		return err
	}
	if rows.Len() == 0 {
		return errs.New(errs.NotFound, "error.not_found")
	}
	old, err := viewOf(rows.Row(0))
	if err != nil {
		return err
	}
	v.Owner = old.Owner
	if v.Shared && !k.Admin {
		v.First, v.FirstFor = old.Shared && old.First, old.FirstFor
	}
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, bind(tx.Dialect(), "UPDATE view SET name = ?1, shared = ?2, body = ?3 WHERE id = ?4"),
		record.Text(v.Name), record.Bool(v.Shared), record.Text(string(raw)), record.Int(v.ID))
	return err
}

func addView(ctx context.Context, tx sqldb.Tx, v *View, raw []byte) error {
	var rows sqldb.Rows
	if err := tx.Query(ctx, bind(tx.Dialect(), "SELECT count(*) FROM view WHERE owner = ?1"), []record.Value{record.Int(v.Owner)}, []record.Kind{record.KindInt}, &rows); err != nil {
		return err
	}
	if rows.At(0, 0).Int() >= maxViews {
		return errs.New(errs.Invalid, "error.view_many", "most", "500")
	}
	_, err := tx.Exec(ctx, bind(tx.Dialect(), "INSERT INTO view (id, entity, name, owner, shared, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"),
		record.Int(v.ID), record.Text(v.Entity), record.Text(v.Name), record.Int(v.Owner), record.Bool(v.Shared), record.Text(string(raw)))
	return err
}

// DeleteView removes a view of the member's own; administrators may remove shared ones.
func (s *Store) DeleteView(ctx context.Context, member int64, admin bool, view int64) error {
	return s.db.Write(ctx, func(tx sqldb.Tx) error {
		n, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM view WHERE id = ?1 AND (owner = ?2 OR ?3 = 1 AND shared = 1)"),
			record.Int(view), record.Int(member), record.Bool(admin))
		if err == nil && n == 0 {
			err = errs.New(errs.NotFound, "error.not_found")
		}
		return err
	})
}
