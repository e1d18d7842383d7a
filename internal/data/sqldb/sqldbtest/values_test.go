package sqldbtest

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
	testdb "github.com/guanxicrm/guanxi/internal/testkit/db"
)

var rowKinds = []record.Kind{record.KindInt, record.KindInt, record.KindText, record.KindBytes}

// same compares what went in with what came out; unlike Value.Equal it tells
// an empty text from null.
func same(a, b record.Value) bool {
	return a.Kind() == b.Kind() && a.Int() == b.Int() && a.Str() == b.Str()
}

func valueTable(t testing.TB, db sqldb.DB) {
	t.Helper()
	ddl(t, db, "CREATE TABLE v (id BIGINT PRIMARY KEY, n BIGINT, s TEXT, b "+bytesType(db)+")")
}

// Every value comes back as it went in, by a statement and in bulk, whole and
// as a parameter of a condition.
func TestValues(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		values := [][3]record.Value{
			{record.Null, record.Null, record.Null},
			{record.Int(0), record.RawText(""), record.RawBytes("")},
			{record.Int(math.MinInt64), record.Text("银行 🏦 \u0001\n\t'\"\\"), record.Bytes([]byte{0, 1, 255})},
			{record.Int(math.MaxInt64), record.Text(strings.Repeat("长", 100_000)), record.RawBytes(strings.Repeat("\x00", 300_000))},
			{record.Int(-1), record.Text("00123456789012345678901"), record.RawBytes("text")},
		}
		insert := "INSERT INTO v (id, n, s, b) VALUES (" + p(db, 1) + ", " + p(db, 2) + ", " + p(db, 3) + ", " + p(db, 4) + ")"
		for i, v := range values {
			if err := write(t.Context(), db, insert, record.Int(int64(i)), v[0], v[1], v[2]); err != nil {
				t.Fatal(err)
			}
		}
		err := db.Write(t.Context(), func(tx sqldb.Tx) error {
			var rows []record.Value
			for i, v := range values {
				rows = append(rows, record.Int(int64(100+i)), v[0], v[1], v[2])
			}
			return tx.(sqldb.Bulk).InsertMany(t.Context(), "v", []string{"id", "n", "s", "b"}, rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		var out sqldb.Rows
		if err := db.ReadOne(t.Context(), "SELECT id, n, s, b FROM v ORDER BY id", nil, rowKinds, &out); err != nil {
			t.Fatal(err)
		}
		if out.Len() != 2*len(values) || out.Cols() != 4 {
			t.Fatalf("%d rows of %d columns", out.Len(), out.Cols())
		}
		for i := range out.Len() {
			for j, want := range values[i%len(values)] {
				if got := out.At(i, j+1); !same(got, want) {
					t.Errorf("row %d column %d: kind %d of %d bytes, want kind %d of %d", i, j+1, got.Kind(), len(got.Str()), want.Kind(), len(want.Str()))
				}
			}
		}
		// Reset gives the space of rows to the next result and leaves the values alone.
		kept := out.At(2, 2)
		out.Reset(4)
		if err := db.ReadOne(t.Context(), "SELECT id, n, s, b FROM v WHERE s = "+p(db, 1)+" AND b = "+p(db, 2)+" AND n = "+p(db, 3)+" ORDER BY id", []record.Value{values[4][1], values[4][2], values[4][0]}, rowKinds, &out); err != nil {
			t.Fatal(err)
		}
		if out.Len() != 2 || out.At(0, 0).Int() != 4 || out.At(1, 0).Int() != 104 || kept.Str() != values[2][1].Str() {
			t.Errorf("found %d rows, kept %q", out.Len(), kept.Str())
		}
	})
}

// Random values, written and read, on both databases.
func TestValuesRandom(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		insert := "INSERT INTO v (id, n, s, b) VALUES (" + p(db, 1) + ", " + p(db, 2) + ", " + p(db, 3) + ", " + p(db, 4) + ")"
		read := "SELECT id, n, s, b FROM v WHERE id = " + p(db, 1)
		id := int64(0)
		rapid.Check(t, func(r *rapid.T) {
			id++
			n := record.Int(rapid.Int64().Draw(r, "n"))
			s := record.RawText(strings.ReplaceAll(strings.ToValidUTF8(rapid.String().Draw(r, "s"), ""), "\x00", ""))
			b := record.Bytes(rapid.SliceOf(rapid.Byte()).Draw(r, "b"))
			if err := write(t.Context(), db, insert, record.Int(id), n, s, b); err != nil {
				r.Fatal(err)
			}
			var out sqldb.Rows
			if err := db.ReadOne(t.Context(), read, []record.Value{record.Int(id)}, rowKinds, &out); err != nil {
				r.Fatal(err)
			}
			if !same(out.At(0, 1), n) || !same(out.At(0, 2), s) || !same(out.At(0, 3), b) {
				r.Fatalf("read %v", out.Row(0))
			}
		})
	})
}

// What PostgreSQL cannot hold is refused by both, in every place a text can stand.
func TestTextsRefused(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		for _, c := range []struct{ text, key string }{
			{"a\x00b", "error.text_nul"},
			{"\x00", "error.text_nul"},
			{"a\xffb", "error.text_utf8"},
			{"\xed\xa0\x80", "error.text_utf8"}, // half of a surrogate pair
		} {
			bad := record.RawText(c.text)
			var out sqldb.Rows
			for name, err := range map[string]error{
				"insert": write(t.Context(), db, "INSERT INTO v (id, s) VALUES (1, "+p(db, 1)+")", bad),
				"list":   db.ReadOne(t.Context(), "SELECT id FROM v WHERE "+in(db, "s", 1), []record.Value{record.List([]record.Value{record.Text("a"), bad})}, oneInt, &out),
				"bulk": db.Write(t.Context(), func(tx sqldb.Tx) error {
					return tx.(sqldb.Bulk).InsertMany(t.Context(), "v", []string{"id", "s"}, []record.Value{record.Int(1), bad})
				}),
			} {
				if e, is := errors.AsType[*errs.Error](err); !is || e.Code != errs.Invalid || e.Key != c.key {
					t.Errorf("%s %q: %v", name, c.text, err)
				}
			}
		}
		if n := number(t, db, "SELECT count(*) FROM v"); n != 0 {
			t.Errorf("%d rows", n)
		}
	})
}

// A list is one parameter, whatever its length; an empty one matches nothing.
func TestLists(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		words := []string{"a", `quo"te`, `back\slash`, "{,}", "NULL", "银行", "line\nbreak\u0001", " "}
		err := db.Write(t.Context(), func(tx sqldb.Tx) error {
			var rows []record.Value
			for i := range int64(2000) {
				rows = append(rows, record.Int(i-1000), record.Text(words[int(i)%len(words)]))
			}
			return tx.(sqldb.Bulk).InsertMany(t.Context(), "v", []string{"id", "s"}, rows)
		})
		if err != nil {
			t.Fatal(err)
		}
		count := func(column string, list record.Value) int64 {
			return number(t, db, "SELECT count(*) FROM v WHERE "+in(db, column, 1), list)
		}
		for _, w := range words {
			if n := count("s", record.List([]record.Value{record.Text(w), record.Text("absent")})); n != 250 {
				t.Errorf("%q: %d rows", w, n)
			}
		}
		var all []record.Value
		for _, w := range words {
			all = append(all, record.Text(w))
		}
		long := make([]int64, 50_000)
		for i := range long {
			long[i] = int64(i)
		}
		for name, c := range map[string]struct{ got, want int64 }{
			"all words":  {count("s", record.List(all)), 2000},
			"no words":   {count("s", record.List(nil)), 0},
			"no numbers": {count("id", record.Ints(nil)), 0},
			"numbers":    {count("id", record.Ints([]int64{-1000, 999, 5000, math.MaxInt64})), 2},
			"many":       {count("id", record.Ints(long)), 1000},
		} {
			if c.got != c.want {
				t.Errorf("%s: %d rows, want %d", name, c.got, c.want)
			}
		}
	})
}

// Any text is found by a list that holds it, and by no other.
func TestListsRandom(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		read := map[sqldb.Dialect]string{
			sqldb.SQLite:   "SELECT value FROM json_each(?1)",
			sqldb.Postgres: "SELECT value FROM unnest($1::text[]) AS t(value)",
		}[db.Dialect()]
		rapid.Check(t, func(r *rapid.T) {
			var list []record.Value
			for _, s := range rapid.SliceOf(rapid.String()).Draw(r, "list") {
				list = append(list, record.RawText(strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")))
			}
			var out sqldb.Rows
			if err := db.ReadOne(t.Context(), read, []record.Value{record.List(list)}, []record.Kind{record.KindText}, &out); err != nil {
				r.Fatal(err)
			}
			if out.Len() != len(list) {
				r.Fatalf("%d of %d", out.Len(), len(list))
			}
			for i, want := range list {
				if got := out.At(i, 0); !same(got, want) {
					r.Fatalf("%q, want %q", got.Str(), want.Str())
				}
			}
		})
	})
}

// Sums are whole numbers on both, and one that is too large says so on both.
func TestSums(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		insert := "INSERT INTO v (id, n) VALUES (" + p(db, 1) + ", " + p(db, 2) + ")"
		for i, n := range []int64{math.MaxInt64, -5, 0} {
			if err := write(t.Context(), db, insert, record.Int(int64(i)), record.Int(n)); err != nil {
				t.Fatal(err)
			}
		}
		if n := number(t, db, "SELECT sum(n) FROM v"); n != math.MaxInt64-5 {
			t.Errorf("sum %d", n)
		}
		if n := number(t, db, "SELECT sum(n) FROM v WHERE id > 0"); n != -5 {
			t.Errorf("sum %d", n)
		}
		if err := write(t.Context(), db, insert, record.Int(9), record.Int(6)); err != nil {
			t.Fatal(err)
		}
		var out sqldb.Rows
		for _, sql := range []string{"SELECT sum(n) FROM v", "SELECT CAST(sum(n) AS BIGINT) FROM v"} {
			err := db.ReadOne(t.Context(), sql, nil, oneInt, &out)
			if e, is := errors.AsType[*errs.Error](err); !is || e.Code != errs.Invalid || e.Key != "error.sum_range" {
				t.Errorf("%s: %v %v", sql, err, out.Len())
			}
		}
	})
}

// Texts are ordered and compared byte by byte on both.
func TestOrder(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		collate := ""
		if db.Dialect() == sqldb.Postgres {
			collate = ` COLLATE "C"`
		}
		ddl(t, db, "CREATE TABLE o (s TEXT"+collate+")")
		for _, s := range []string{"b", "B", "a", "é", "z", "银", "a b", "ab", "1", "10", "2"} {
			if err := write(t.Context(), db, "INSERT INTO o VALUES ("+p(db, 1)+")", record.Text(s)); err != nil {
				t.Fatal(err)
			}
		}
		var out sqldb.Rows
		if err := db.ReadOne(t.Context(), "SELECT s FROM o ORDER BY s", nil, []record.Kind{record.KindText}, &out); err != nil {
			t.Fatal(err)
		}
		for i := 1; i < out.Len(); i++ {
			if a, b := out.At(i-1, 0).Str(), out.At(i, 0).Str(); a >= b {
				t.Errorf("%q before %q", a, b)
			}
		}
	})
}

// Mistakes of callers are errors, not wrong rows.
func TestMistakes(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		valueTable(t, db)
		one := record.Int(1)
		for name, c := range map[string]struct {
			sql   string
			args  []record.Value
			kinds []record.Kind
		}{
			"too few values":   {"SELECT id FROM v WHERE id = " + p(db, 1), nil, oneInt},
			"too many values":  {"SELECT id FROM v", []record.Value{one}, oneInt},
			"too few kinds":    {"SELECT id, n FROM v", nil, oneInt},
			"too many kinds":   {"SELECT id FROM v", nil, rowKinds},
			"two statements":   {"SELECT id FROM v; SELECT id FROM v", nil, oneInt},
			"no statement":     {"", nil, oneInt},
			"broken statement": {"SELEKT", nil, oneInt},
			"mixed list":       {"SELECT id FROM v WHERE " + in(db, "id", 1), []record.Value{record.List([]record.Value{one, record.Null})}, oneInt},
			"a write":          {"INSERT INTO v (id) VALUES (1) RETURNING id", nil, oneInt},
			"a broken number":  {"SELECT 0.5", nil, oneInt},
		} {
			var out sqldb.Rows
			if err := db.ReadOne(t.Context(), c.sql, c.args, c.kinds, &out); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n := number(t, db, "SELECT count(*) FROM v"); n != 0 {
				t.Fatalf("%s: %d rows", name, n)
			}
		}
		var out sqldb.Rows
		if err := db.ReadOne(t.Context(), "SELECT 1, 2", nil, []record.Kind{record.KindInt, record.KindInt}, &out); err != nil {
			t.Fatal(err)
		}
		if err := db.ReadOne(t.Context(), "SELECT 1", nil, oneInt, &out); err == nil {
			t.Error("rows of other columns were mixed")
		}
	})
}

// Exec tells what the statement itself changed.
func TestChanged(t *testing.T) {
	testdb.Each(t, func(t *testing.T, db sqldb.DB) {
		ddl(t, db, "CREATE TABLE a (id BIGINT PRIMARY KEY)", "CREATE TABLE b (id BIGINT PRIMARY KEY, a_id BIGINT REFERENCES a(id) ON DELETE CASCADE)")
		for _, c := range []struct {
			sql  string
			want int64
		}{
			{"INSERT INTO a VALUES (1), (2), (3)", 3},
			{"INSERT INTO b VALUES (1, 1), (2, 1), (3, 2)", 3},
			{"UPDATE a SET id = id WHERE id > 5", 0},
			{"UPDATE b SET a_id = 3 WHERE id > 2", 1},
			{"SELECT 1", 0},
			{"DELETE FROM a WHERE id = 1", 1},
			{"CREATE TABLE c (id BIGINT)", 0},
			{"DELETE FROM b", 1},
		} {
			err := db.Write(t.Context(), func(tx sqldb.Tx) error {
				n, err := tx.Exec(t.Context(), c.sql)
				if err == nil && n != c.want {
					err = fmt.Errorf("%d changed, want %d", n, c.want)
				}
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", c.sql, err)
			}
		}
	})
}
