package postgres

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

var _ sqldb.Bulk = (*tx)(nil)

// copySignature starts binary COPY data: signature, flags, no extension.
const copySignature = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"

// InsertMany adds rows by COPY.
func (t *tx) InsertMany(ctx context.Context, table string, columns []string, rows []record.Value) error {
	if len(columns) == 0 || len(rows)%len(columns) != 0 {
		return fmt.Errorf("postgres: %d values for rows of %d columns", len(rows), len(columns))
	}
	begin, err := t.start()
	if err != nil {
		return err
	}
	return t.note(t.s.copyIn(ctx, begin, table, columns, rows))
}

func (s *session) copyIn(ctx context.Context, begin, table string, columns []string, rows []record.Value) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = quote(c)
	}
	list := strings.Join(names, ", ")
	d, err := s.prepare(ctx, "SELECT "+list+" FROM "+quote(table)+" WHERE false") // tells the types
	if err != nil {
		return err
	}
	var data bytes.Buffer
	data.WriteString(copySignature)
	cell := make([]byte, 0, 64)
	n := len(columns)
	for i, v := range rows {
		if i%n == 0 {
			data.Write(binary.BigEndian.AppendUint16(cell, uint16(n)))
		}
		cell, err := copyCell(cell, d.Fields[i%n].DataTypeOID, v)
		if err != nil {
			return at(err, "column "+columns[i%n])
		}
		if cell == nil {
			data.WriteString("\xff\xff\xff\xff") // null
			continue
		}
		data.Write(binary.BigEndian.AppendUint32(make([]byte, 0, 4), uint32(len(cell))))
		data.Write(cell)
	}
	data.WriteString("\xff\xff")
	if begin != "" {
		if err := s.simple(ctx, begin); err != nil {
			return err
		}
	}
	tag, err := s.pc.CopyFrom(ctx, &data, "COPY "+quote(table)+" ("+list+") FROM STDIN BINARY")
	if err != nil {
		return s.fail(ctx, err)
	}
	if got := tag.RowsAffected(); got != int64(len(rows)/n) {
		return fmt.Errorf("postgres: COPY took %d of %d rows", got, len(rows)/n)
	}
	return nil
}

// copyCell writes the binary form of a value, nil for null. COPY knows one
// format for all columns, so types without a simple one are refused.
func copyCell(b []byte, oid uint32, v record.Value) ([]byte, error) {
	if v.Kind() == record.KindNull {
		return nil, nil
	}
	out, format, err := appendValue(b[:0], oid, v)
	if err != nil {
		return nil, err
	}
	if format == binaryFormat {
		return out, nil
	}
	switch oid {
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID:
		return out, nil
	case pgtype.BoolOID:
		return []byte{byte(min(v.Int(), 1))}, nil
	}
	return nil, fmt.Errorf("postgres: %s does not fit type %d", strconv.Quote(string(out)), oid)
}
