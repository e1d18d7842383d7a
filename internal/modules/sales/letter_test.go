package sales_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/post"
)

// until waits for a letter to be in a state.
func until(t *testing.T, k *company.Client, at, status string) company.Reply {
	t.Helper()
	deadline := time.NewTimer(30 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		r := k.Get(at).Want(http.StatusOK)
		if r.Str("status") == status {
			return r
		}
		select {
		case <-deadline.C:
			t.Fatalf("the letter is %s: %s", r.Str("status"), r.Body)
		case <-tick.C:
		}
	}
}

// parts are the text and the files of a letter, by name.
func parts(t *testing.T, l post.Letter) (subject, text string, files map[string][]byte) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.Text))
	if err != nil {
		t.Fatal(err)
	}
	words := new(mime.WordDecoder)
	if subject, err = words.DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	_, args, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for r := multipart.NewReader(m.Body, args["boundary"]); ; {
		p, err := r.NextPart()
		if err == io.EOF {
			return subject, text, files
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(decoded(p))
		if err != nil {
			t.Fatal(err)
		}
		if name := p.FileName(); name != "" {
			if name, err = words.DecodeHeader(name); err != nil {
				t.Fatal(err)
			}
			files[name] = raw
			continue
		}
		text = string(raw)
	}
}

// decoded is a part's content, out of the form in which mail carries it.
func decoded(p *multipart.Part) io.Reader {
	if strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "base64") {
		return base64.NewDecoder(base64.StdEncoding, p)
	}
	return p // the reader undoes quoted-printable itself
}

// A quote goes by mail as PDF to contacts of the customer; what became of it is
// kept, and a refusal is said (SAL-4).
func TestQuotesGoByMail(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		s := post.Start(t, post.Options{TLS: true, Auth: true})
		c.App.Mailer.RootCAs = s.Roots
		k := c.As("admin").With("If-Match", "*")
		newID := func(name string, v row) string {
			return k.Post("/records/"+name, v).Want(http.StatusCreated).Str("id")
		}
		customer := newID("crm.customer", row{"name": "Nordic Pumps AS"})
		anna := newID("crm.contact", row{"name": "Anna", "customer": customer, "email": "anna@example.org"})
		stranger := newID("crm.contact", row{"name": "Boris", "email": "boris@example.org"})
		at := "/records/sales.quote/" + newID("sales.quote", row{"customer": customer, "contact": anna, "items": []row{{"name": "Pump", "quantity": "2", "price": "10"}}})
		k.Post(at+"/actions/mail", row{"layout": "quote"}).Want(http.StatusConflict)
		k.Post(at+"/actions/submit", row{}).Want(http.StatusOK)
		k.Post(at+"/actions/mail", row{"contact": stranger, "layout": "quote"}).Want(http.StatusUnprocessableEntity)
		k.Post("/records/sales.letter", row{"to": "x@example.org"}).Want(http.StatusForbidden) // only papers are mailed
		mailed := func(v row) string {
			k.Post(at+"/actions/mail", v).Want(http.StatusOK)
			if err := c.App.Tick(t.Context()); err != nil {
				t.Fatal(err)
			}
			return "/records/sales.letter/" + k.Get("/records/sales.letter?sort=-id&limit=1").Items()[0]["id"].(string)
		}

		// Without a mail server it says so; with one it goes again.
		first := mailed(row{"layout": "quotation"})
		if r := until(t, k, first, "failed"); !strings.Contains(r.Str("trouble"), "邮件服务器") {
			t.Errorf("without a server: %s", r.Body)
		}
		company.Holds(t, k.Get(at), "status", "approved")
		k.Patch("/settings/mail", row{"host": "127.0.0.1", "port": s.Port, "security": "tls", "user": post.User, "password": post.Password, "sender": post.User, "sender_name": "恒远", "private": true}).Want(http.StatusOK)
		k.Post(first+"/actions/again", row{}).Want(http.StatusOK)
		if err := c.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		l := <-s.Letters
		subject, text, files := parts(t, l)
		number := k.Get(at).Str("number")
		if l.To != "anna@example.org" || !strings.Contains(subject, number) || !strings.Contains(text, "Please find attached our Quotation") && !strings.Contains(text, number) {
			t.Errorf("to %s, %q: %s", l.To, subject, text)
		}
		for name, raw := range files {
			if !strings.HasSuffix(name, ".pdf") || !bytes.HasPrefix(raw, []byte("%PDF-")) {
				t.Errorf("%s is %d bytes", name, len(raw))
			}
		}
		if len(files) != 1 {
			t.Errorf("%d files", len(files))
		}
		company.Holds(t, until(t, k, first, "sent"), "to", "anna@example.org", "contact.id", anna, "subject", subject, "trouble", "", "paper", number)
		company.Holds(t, k.Get(at), "status", "sent")

		// Words of one's own, to two, of whom one is refused.
		s.Turn(post.Options{TLS: true, Auth: true, Rcpt: func(to string) error {
			if strings.HasPrefix(to, "full@") {
				return &smtp.SMTPError{Code: 550, Message: "mailbox full"}
			}
			return nil
		}})
		second := mailed(row{"contact": anna, "to": "full@example.org", "layout": "quote", "subject": "请查收", "text": "王总您好"})
		if r := until(t, k, second, "failed"); !strings.Contains(r.Str("trouble"), "mailbox full") {
			t.Errorf("refused: %s", r.Body)
		}
		if subject, text, _ := parts(t, <-s.Letters); subject != "请查收" || strings.TrimSpace(text) != "王总您好" {
			t.Errorf("%q: %s", subject, text)
		}
		told := k.Get("/records/org.reminder?sort=-id&limit=1").Items()
		if len(told) != 1 || !strings.Contains(told[0]["title"].(string), "full@example.org") {
			t.Errorf("told %v", told)
		}

		// What finance prints goes the same way, and is sent when it went.
		newID("finance.instalment", row{"customer": customer, "amount": "1000", "booked_on": "2026-01-10", "due_on": "2026-02-10"})
		at = "/records/finance.statement/" + newID("finance.statement", row{"customer": customer, "ends_on": "2026-03-31"})
		k.Post(at+"/actions/mail", row{"layout": "statement"}).Want(http.StatusUnprocessableEntity) // to whom?
		third := mailed(row{"layout": "statement", "contact": anna})
		l = <-s.Letters
		if _, text, files := parts(t, l); l.To != "anna@example.org" || len(files) != 1 || !strings.Contains(text, "对账单") {
			t.Errorf("to %s with %d files: %s", l.To, len(files), text)
		}
		company.Holds(t, until(t, k, third, "sent"), "about.type", "finance.statement")
		company.Holds(t, k.Get(at), "status", "sent")
		if k.Get(at).Str("sent_on") == "" {
			t.Error("nobody knows when the statement went")
		}
	})
}
