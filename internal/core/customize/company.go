package customize

import (
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/text"
)

// Company is what an installation knows of its company: who it is, as its
// papers say, and how the program works for it.
type Company struct {
	Name      string        `json:"name"`
	NameEn    string        `json:"name_en"`
	ShortName string        `json:"short_name"`
	TaxNumber string        `json:"tax_number" doc:"统一社会信用代码, or the tax number of another country"`
	Address   string        `json:"address"`
	AddressEn string        `json:"address_en"`
	Phone     string        `json:"phone"`
	Email     string        `json:"email"`
	Website   string        `json:"website"`
	Banks     []BankAccount `json:"banks"`
	Logo      string        `json:"logo" doc:"Version of the logo, empty without one; /company/logo gives it"`
	Seal      string        `json:"seal" doc:"Version of the picture of the seal, empty without one; only administrators read it"`

	Currency      string `json:"currency"`
	Zone          string `json:"zone"`
	Locale        string `json:"locale"`
	PageURL       string `json:"page_url" doc:"Where members find the page, for links in mails: https://crm.example.com"`
	SessionIdle   int    `json:"session_idle" doc:"Hours without use that end a session"`
	SessionDays   int    `json:"session_days" doc:"Days that end every session"`
	PasswordLeast int    `json:"password_least" doc:"Fewest characters of a new password"`
	PasswordDays  int    `json:"password_days" doc:"Days after which a password must be changed, 0 = never"`
	LockAfter     int    `json:"lock_after" doc:"Wrong passwords after which a login has to wait"`

	BackupAt     string `json:"backup_at"`   // HH:MM in the company's zone, "" = no daily backup
	BackupKeep   int    `json:"backup_keep"` // number of daily backups kept
	AuditKeep    int    `json:"audit_keep"`  // days that the audit log is kept, 0 = for ever
	Installation string `json:"installation,omitempty"`
	Recipient    string `json:"recipient,omitempty"` // age recipient of the recovery passphrase
}

// BankAccount is an account that customers pay to.
type BankAccount struct {
	Bank     string `json:"bank" doc:"开户银行"`
	Branch   string `json:"branch" doc:"开户支行"`
	Account  string `json:"account" doc:"Name of the account; empty = that of the company"`
	Number   string `json:"number"`
	Swift    string `json:"swift" doc:"BIC of ISO 9362"`
	Currency string `json:"currency"`
	Default  bool   `json:"default" doc:"What papers print when nobody chooses another"`
}

// Bounds of the settings.
const (
	leastAudit    = 184 // days that a log may be kept at least: six months, 网络安全法 article 21
	mostBanks     = 20
	leastPassword = 8 // ASVS V6.2.1
)

// fill gives settings that were never chosen, by an older version among them,
// their values.
func (c *Company) fill() {
	if c.Banks == nil {
		c.Banks = []BankAccount{}
	}
	for _, x := range []struct {
		at *int
		to int
	}{{&c.SessionIdle, 12}, {&c.SessionDays, 7}, {&c.PasswordLeast, leastPassword}, {&c.LockAfter, 5}} {
		if *x.at == 0 {
			*x.at = x.to
		}
	}
}

// Check brings the settings into their usual form and says what is wrong with
// them, at the field, or at banks.N.field.
func (c *Company) Check() error {
	c.fill()
	var l wrong
	l.texts(c)
	if c.Name == "" {
		l.add("error.required", "name")
	}
	if !slices.Contains(decimal.Currencies(), c.Currency) {
		l.add("error.currency", "currency", "value", c.Currency)
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		l.add("error.zone", "zone", "value", c.Zone)
	}
	if _, err := time.Parse("15:04", c.BackupAt); err != nil && c.BackupAt != "" {
		l.add("error.time_of_day", "backup_at", "value", c.BackupAt)
	}
	l.within("backup_keep", c.BackupKeep, 0, 3650)
	if c.AuditKeep != 0 && c.AuditKeep < leastAudit || c.AuditKeep > 36500 {
		l.add("error.audit_keep", "audit_keep", "least", strconv.Itoa(leastAudit))
	}
	l.within("session_idle", c.SessionIdle, 1, 24*30)
	l.within("session_days", c.SessionDays, 1, 90)
	l.within("password_least", c.PasswordLeast, leastPassword, 64)
	l.within("password_days", c.PasswordDays, 0, 730)
	l.within("lock_after", c.LockAfter, 3, 20)
	l.papers(c)
	l.banks(c)
	return errs.Join(l.list)
}

// wrong gathers what is wrong.
type wrong struct{ list []*errs.Error }

func (l *wrong) add(key, field string, args ...string) {
	l.list = append(l.list, errs.New(errs.Invalid, key, args...).At(field))
}

func (l *wrong) within(field string, n, least, most int) {
	if n < least || n > most {
		l.add("error.between", field, "least", strconv.Itoa(least), "most", strconv.Itoa(most))
	}
}

// text trims a line and bounds it.
func (l *wrong) text(field string, s *string, most int) {
	*s = strings.TrimSpace(*s)
	if strings.ContainsFunc(*s, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(*s) {
		l.add("error.one_line", field)
	}
	if utf8.RuneCountInString(*s) > most {
		l.add("error.text_long", field, "length", strconv.Itoa(utf8.RuneCountInString(*s)), "most", strconv.Itoa(most))
	}
}

func (l *wrong) texts(c *Company) {
	for _, x := range []struct {
		field string
		s     *string
		most  int
	}{{"name", &c.Name, 100}, {"name_en", &c.NameEn, 200}, {"short_name", &c.ShortName, 20}, {"tax_number", &c.TaxNumber, 30}, {"address", &c.Address, 200},
		{"address_en", &c.AddressEn, 300}, {"phone", &c.Phone, 50}, {"email", &c.Email, 200}, {"website", &c.Website, 200}, {"page_url", &c.PageURL, 200}} {
		l.text(x.field, x.s, x.most)
	}
}

var (
	taxNumbers = regexp.MustCompile(`^[0-9A-Z][0-9A-Z./-]{4,29}$`)
	phones     = regexp.MustCompile(`^[0-9+()*#/,; \-]{5,50}$`)
	accounts   = regexp.MustCompile(`^[0-9A-Z][0-9A-Z \-]{3,39}$`)
	swifts     = regexp.MustCompile(`^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	chinese    = regexp.MustCompile(`^[0-9A-Z]{18}$`)
)

// papers are what invoices and contracts say of the company.
func (l *wrong) papers(c *Company) {
	c.TaxNumber = strings.ToUpper(c.TaxNumber)
	if code, ok := text.USCC(c.TaxNumber); chinese.MatchString(c.TaxNumber) && !ok || c.TaxNumber != "" && !taxNumbers.MatchString(c.TaxNumber) {
		l.add("error.tax_number", "tax_number")
	} else if ok {
		c.TaxNumber = code
	}
	if c.Phone != "" && !phones.MatchString(c.Phone) {
		l.add("error.company_phone", "phone")
	}
	if a, err := mail.ParseAddress(c.Email); c.Email != "" && (err != nil || a.Address != c.Email) {
		l.add("error.email", "email", "value", c.Email)
	}
	if c.Website != "" && !strings.Contains(c.Website, "://") {
		c.Website = "https://" + c.Website
	}
	l.address("website", &c.Website, false)
	l.address("page_url", &c.PageURL, true)
}

// address is one of the web; root is one of a whole host, without a path.
func (l *wrong) address(field string, s *string, root bool) {
	if *s == "" {
		return
	}
	if root {
		*s = strings.TrimRight(*s, "/")
	}
	u, err := url.Parse(*s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil || root && (u.Path != "" || u.RawQuery != "" || u.Fragment != "") {
		l.add("error.url", field, "value", *s)
	}
}

func (l *wrong) banks(c *Company) {
	if len(c.Banks) > mostBanks {
		l.add("error.too_many", "banks", "most", strconv.Itoa(mostBanks))
		return
	}
	chosen := slices.IndexFunc(c.Banks, func(b BankAccount) bool { return b.Default })
	for i := range c.Banks {
		b, at := &c.Banks[i], "banks."+strconv.Itoa(i)+"."
		l.text(at+"bank", &b.Bank, 100)
		l.text(at+"branch", &b.Branch, 100)
		l.text(at+"account", &b.Account, 200)
		b.Number, b.Swift = strings.ToUpper(strings.TrimSpace(b.Number)), strings.ToUpper(strings.ReplaceAll(b.Swift, " ", ""))
		if b.Currency == "" {
			b.Currency = c.Currency
		}
		if b.Bank == "" {
			l.add("error.required", at+"bank")
		}
		if !accounts.MatchString(b.Number) {
			l.add("error.bank_number", at+"number")
		}
		if b.Swift != "" && !swifts.MatchString(b.Swift) {
			l.add("error.swift", at+"swift")
		}
		if !slices.Contains(decimal.Currencies(), b.Currency) {
			l.add("error.currency", at+"currency", "value", b.Currency)
		}
		b.Default = i == max(chosen, 0)
	}
}
