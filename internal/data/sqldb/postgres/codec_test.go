package postgres

import (
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// numericInt against the driver's own encoder: what fits is read, what does
// not is refused.
func TestNumeric(t *testing.T) {
	m := pgtype.NewMap()
	rapid.Check(t, func(t *rapid.T) {
		n := big.NewInt(rapid.Int64().Draw(t, "n"))
		exp := rapid.Int32Range(-25, 5).Draw(t, "exponent")
		b, err := m.Encode(pgtype.NumericOID, pgtype.BinaryFormatCode, pgtype.Numeric{Int: n, Exp: exp, Valid: true}, nil)
		if err != nil {
			t.Fatal(err)
		}
		scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(exp, -exp))), nil)
		want, rest := new(big.Int).Mul(n, scale), new(big.Int)
		if exp < 0 {
			want, rest = new(big.Int).QuoRem(n, scale, rest)
		}
		got, err := numericInt(b)
		switch {
		case rest.Sign() != 0:
			if !errors.Is(err, errNotWhole) {
				t.Fatalf("%v e%d: %d %v, want a refusal", n, exp, got, err)
			}
		case !want.IsInt64():
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("%v e%d: %d %v, want out of range", n, exp, got, err)
			}
		case err != nil || got != want.Int64():
			t.Fatalf("%v e%d: %d %v", n, exp, got, err)
		}
	})
	for _, special := range [][]byte{{0, 0, 0, 0, 0xc0, 0, 0, 0}, {0, 0, 0, 0, 0xd0, 0, 0, 0}, {0, 0, 0, 0, 0xf0, 0, 0, 0}} {
		if _, err := numericInt(special); !errors.Is(err, errNotWhole) {
			t.Errorf("%x: %v", special, err)
		}
	}
}

// Columns of any type become integers, texts or bytes, or an error.
func TestDecode(t *testing.T) {
	m := pgtype.NewMap()
	for _, c := range []struct {
		oid  uint32
		in   any
		n    int64
		text string
	}{
		{pgtype.Int2OID, int16(-2), -2, ""},
		{pgtype.Int4OID, int32(-4), -4, ""},
		{pgtype.Int8OID, int64(-1 << 63), -1 << 63, ""},
		{pgtype.BoolOID, true, 1, ""},
		{pgtype.OIDOID, uint32(1<<32 - 1), 1<<32 - 1, ""},
		{pgtype.Float8OID, float64(1e15), 1e15, ""},
		{pgtype.TextOID, "银行", 0, "银行"},
		{pgtype.ByteaOID, []byte("\x00\xff"), 0, "\x00\xff"},
	} {
		b, err := m.Encode(c.oid, pgtype.BinaryFormatCode, c.in, nil)
		if err != nil {
			t.Fatal(err)
		}
		var out sqldb.Rows
		out.Reset(1)
		if err := decode(c.oid, b, &out); err != nil || out.At(0, 0).Int() != c.n || out.At(0, 0).Str() != c.text {
			t.Errorf("type %d: %v %v", c.oid, out.At(0, 0), err)
		}
	}
	var out sqldb.Rows
	if err := decode(pgtype.PointOID, make([]byte, 16), &out); err == nil {
		t.Error("a point was read")
	}
	if err := decode(pgtype.Float8OID, []byte{0x3f, 0xe0, 0, 0, 0, 0, 0, 0}, &out); !errors.Is(err, errNotWhole) {
		t.Errorf("0.5: %v", err)
	}
}

func TestKeyColumns(t *testing.T) {
	for detail, want := range map[string][]string{
		`Key (id)=(1) already exists.`:               {"id"},
		`Key (a, "B c")=(1, (x)) already exists.`:    {"a", "B c"},
		`键值"(a, b)=(10, x)" 已经存在`:                    {"a", "b"},
		`Key (lower(c))=(one) already exists.`:       nil,
		`Key (a, lower(c))=(1, one) already exists.`: nil,
		``:                             nil,
		`Failing row contains (1, 2).`: nil,
	} {
		if got := keyColumns(detail); !slices.Equal(got, want) {
			t.Errorf("%s: %q", detail, got)
		}
	}
}
