package customize

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Company is what an installation knows of its company.
type Company struct {
	Name         string `json:"name"`
	Currency     string `json:"currency"`
	Zone         string `json:"zone"`
	Locale       string `json:"locale"`
	BackupAt     string `json:"backup_at"`   // HH:MM in the company's zone, "" = no daily backup
	BackupKeep   int    `json:"backup_keep"` // number of daily backups kept
	AuditKeep    int    `json:"audit_keep"`  // days that the audit log is kept, 0 = for ever
	Installation string `json:"installation,omitempty"`
	Recipient    string `json:"recipient,omitempty"` // age recipient of the recovery passphrase
}

// leastAudit is the fewest days that a log may be kept: six months, 网络安全法
// article 21.
const leastAudit = 184

// Check says what is wrong with the settings.
func (c *Company) Check() error {
	var list []*errs.Error
	if c.Name == "" {
		list = append(list, errs.New(errs.Invalid, "error.required").At("name"))
	}
	if !slices.Contains(decimal.Currencies(), c.Currency) {
		list = append(list, errs.New(errs.Invalid, "error.currency", "value", c.Currency).At("currency"))
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		list = append(list, errs.New(errs.Invalid, "error.zone", "value", c.Zone).At("zone"))
	}
	if _, err := time.Parse("15:04", c.BackupAt); err != nil && c.BackupAt != "" {
		list = append(list, errs.New(errs.Invalid, "error.time_of_day", "value", c.BackupAt).At("backup_at"))
	}
	if c.BackupKeep < 0 || c.BackupKeep > 3650 {
		list = append(list, errs.New(errs.Invalid, "error.too_high", "most", "3650").At("backup_keep"))
	}
	if c.AuditKeep != 0 && c.AuditKeep < leastAudit || c.AuditKeep > 36500 {
		list = append(list, errs.New(errs.Invalid, "error.audit_keep", "least", strconv.Itoa(leastAudit)).At("audit_keep"))
	}
	return errs.Join(list)
}

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
	return c, true, json.Unmarshal([]byte(rows.At(0, 0).Str()), &c)
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

// set writes a setting that other processes have to follow.
func (s *Store) set(ctx context.Context, tx sqldb.Tx, name, value string) error {
	_, err := tx.Exec(ctx, bind(tx.Dialect(), `INSERT INTO setting (name, value) VALUES (?1, ?2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`), record.Text(name), record.Text(value))
	if err == nil {
		tx.AfterCommit(s.changer.Wrote)
	}
	return err
}
