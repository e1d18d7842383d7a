package customize

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

const companyKey = "company"

const readCompany = "SELECT value FROM setting WHERE name = '" + companyKey + "'"

// Company reads the settings; ok is false before the first run.
func (s *Store) Company(ctx context.Context) (c Company, ok bool, err error) {
	var rows sqldb.Rows
	err = s.db.ReadOne(ctx, readCompany, nil, []record.Kind{record.KindText}, &rows)
	return companyOf(&rows, err)
}

// ReadCompany is Company as q sees it.
func ReadCompany(ctx context.Context, q sqldb.Querier) (c Company, ok bool, err error) {
	var rows sqldb.Rows
	err = q.Query(ctx, readCompany, nil, []record.Kind{record.KindText}, &rows)
	return companyOf(&rows, err)
}

func companyOf(rows *sqldb.Rows, err error) (c Company, ok bool, _ error) {
	if err != nil || rows.Len() == 0 {
		return c, false, err
	}
	err = json.Unmarshal([]byte(rows.At(0, 0).Str()), &c)
	c.fill()
	return c, true, err
}

// CompanyGuard is the key that whoever reads the settings and writes them back holds.
const CompanyGuard = "setup"

// SaveCompany writes the settings in a transaction of the caller.
func (s *Store) SaveCompany(ctx context.Context, tx sqldb.Tx, c Company) error {
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return s.set(ctx, tx, companyKey, string(raw))
}

// read gives the text of a setting, "" when there is none.
func read(ctx context.Context, q sqldb.Querier, name string) (string, error) {
	var rows sqldb.Rows
	rows.Reset(1)
	err := q.Query(ctx, bind(q.Dialect(), "SELECT value FROM setting WHERE name = ?1"), []record.Value{record.Text(name)}, []record.Kind{record.KindText}, &rows)
	if err != nil || rows.Len() == 0 {
		return "", err
	}
	return rows.At(0, 0).Str(), nil
}

// set writes a setting that other processes have to follow, or deletes it with "".
func (s *Store) set(ctx context.Context, tx sqldb.Tx, name, value string) error {
	if value == "" {
		_, err := tx.Exec(ctx, bind(tx.Dialect(), "DELETE FROM setting WHERE name = ?1"), record.Text(name))
		return err
	}
	_, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO setting (name, value) VALUES (?1, ?2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`), record.Text(name), record.Text(value))
	if err == nil {
		tx.AfterCommit(s.changer.Wrote)
	}
	return err
}

// secretClass is the class of keys that seals whole settings.
const secretClass = "setting"

// Secret reads a setting that is kept encrypted, nil when there is none.
func (s *Store) Secret(ctx context.Context, q sqldb.Querier, name string) ([]byte, error) {
	value, err := read(ctx, q, name)
	if err != nil || value == "" {
		return nil, err
	}
	sealed, err := base64.StdEncoding.DecodeString(value)
	if err != nil {
		return nil, err
	}
	return s.sealer.Open(secretClass, sealed, []byte(name))
}

// SetSecret keeps a setting encrypted, in a transaction of the caller; nil deletes it.
func (s *Store) SetSecret(ctx context.Context, tx sqldb.Tx, name string, raw []byte) error {
	if raw == nil {
		return s.set(ctx, tx, name, "")
	}
	return s.set(ctx, tx, name, base64.StdEncoding.EncodeToString(s.sealer.Seal(secretClass, raw, []byte(name))))
}

// modulesKey is the setting that names the modules, and their entities, whose
// share of the starting roles and records an installation has.
const modulesKey = "modules"

// Modules lists the modules and entities that an installation was given the
// beginnings of; nil when it was made before there was such a list.
func (s *Store) Modules(ctx context.Context, q sqldb.Querier) ([]string, error) {
	text, err := read(ctx, q, modulesKey)
	return strings.Fields(text), err
}

// KeepModules writes that list.
func (s *Store) KeepModules(ctx context.Context, tx sqldb.Tx, names []string) error {
	return s.set(ctx, tx, modulesKey, strings.Join(names, " "))
}
