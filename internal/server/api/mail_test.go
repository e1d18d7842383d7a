package api_test

import (
	"encoding/base64"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/post"
)

// bodyOfLetter is what a letter says.
func bodyOfLetter(t *testing.T, l post.Letter) string {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(l.Text))
	if err != nil {
		t.Fatal(err)
	}
	r := m.Body
	switch strings.ToLower(m.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func arrives(t *testing.T, s *post.Server) post.Letter {
	t.Helper()
	select {
	case l := <-s.Letters:
		return l
	case <-time.After(time.Minute):
		t.Fatal("no letter")
	}
	return post.Letter{}
}

var joinLink = regexp.MustCompile(`https://crm\.example\.com/join#(\S+)`)

// An invitation reaches a mailbox through a mail server as companies run it,
// over TLS, and opens the door; who does not know its password sends nothing.
func TestInvitationThroughARealServer(t *testing.T) {
	s := post.StartExim(t)
	c := company.Open(t, company.Options{})
	c.App.Mailer.RootCAs = s.Roots
	admin := c.As("admin")
	admin.Patch("/settings", map[string]any{"page_url": "https://crm.example.com"}).Want(200)
	server := map[string]any{"host": "127.0.0.1", "port": s.Port, "security": "tls", "user": post.User, "password": post.Password, "sender": post.User, "sender_name": "云腾", "private": true}
	admin.Patch("/settings/mail", server).Want(200)
	li := admin.Post("/records/org.member", map[string]any{"name": "李娜", "login": "li.na", "email": "li@example.org"}).Want(201).Str("id")
	admin.Post("/members/"+li+"/mail", nil).Want(202)
	l := s.Letter(t)
	text := bodyOfLetter(t, l)
	link := joinLink.FindStringSubmatch(text)
	if link == nil || !l.Safe || !strings.Contains(text, "李娜") {
		t.Fatalf("the invitation: %s", l.Text)
	}
	c.Anonymous().Post("/session/link", map[string]any{"token": link[1], "password": "Otter-lamp-77-cloud"}).Want(200)
	letterIn(t, admin, "done")

	server["to"], server["password"] = "li@example.org", "wrong"
	if r := admin.Post("/settings/mail/test", server).Want(422); r.Str("errors.0.field") != "password" {
		t.Errorf("a wrong password: %s", r.Body)
	}
	server["to"], server["password"] = "li@elsewhere.example", post.Password
	if r := admin.Post("/settings/mail/test", server).Want(422); !strings.Contains(r.Str("detail"), "relay not permitted") {
		t.Errorf("what the server does not take: %s", r.Body)
	}
}

// Invitations and resets go by mail; the password of the server and the link
// lie nowhere in clear; what is refused for good is told and sent again by hand.
func TestLinksGoByMail(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		s := post.Start(t, post.Options{TLS: true, Auth: true})
		c.App.Mailer.RootCAs = s.Roots
		admin, stranger := c.As("admin"), c.Anonymous()
		li := admin.Post("/records/org.member", map[string]any{"name": "李娜", "login": "li.na", "email": "li@example.org"}).Want(201).Str("id")
		mailed := func() company.Reply { return admin.Post("/members/"+li+"/mail", nil) }
		if got := mailed().Want(409).Str("key"); got != "error.page_url_missing" {
			t.Errorf("without an address: %s", got)
		}
		admin.Patch("/settings", map[string]any{"page_url": "https://crm.example.com"}).Want(200)
		if got := mailed().Want(409).Str("key"); got != "error.mail_off" {
			t.Errorf("without a server: %s", got)
		}
		server := map[string]any{"host": "127.0.0.1", "port": s.Port, "security": "tls", "user": post.User, "sender": post.User, "sender_name": "云腾", "private": true}
		with := func(key string, v any) map[string]any {
			out := map[string]any{key: v}
			for k, v := range server {
				if k != key {
					out[k] = v
				}
			}
			return out
		}
		admin.Patch("/settings/mail", server).Want(422) // no password
		tag := admin.Get("/settings/mail").Want(200).Header.Get("ETag")
		set := admin.With("If-Match", tag).Patch("/settings/mail", with("password", post.Password)).Want(200)
		if set.Str("has_password") != "true" || strings.Contains(string(set.Body), post.Password) {
			t.Errorf("set: %s", set.Body)
		}
		admin.With("If-Match", tag).Patch("/settings/mail", server).Want(412)
		admin.Patch("/settings/mail", with("sender_name", "云腾科技")).Want(200) // the password stays
		if got := admin.Patch("/settings/mail", with("host", "mail.attacker.example")).Want(422).Str("errors.0.field"); got != "password" {
			t.Errorf("another server gets the password: %s", got)
		}
		admin.Post("/settings/mail/test", with("to", "boss@example.org")).Want(204)
		if l := arrives(t, s); l.To != "boss@example.org" || !strings.Contains(bodyOfLetter(t, l), "测试邮件") {
			t.Errorf("the test: %+v", l)
		}
		wrong := with("password", "wrong")
		wrong["to"] = "boss@example.org"
		if r := admin.Post("/settings/mail/test", wrong).Want(422); r.Str("errors.0.field") != "password" || !strings.Contains(r.Str("detail"), "授权码") {
			t.Errorf("a wrong password: %s", r.Body)
		}
		if stranger.Get("/company").Str("mail") != "true" {
			t.Error("the sign-in page does not know of mail")
		}

		if to := mailed().Want(202).Str("to"); to != "li@example.org" {
			t.Errorf("sent to %s", to)
		}
		text := bodyOfLetter(t, arrives(t, s))
		link := joinLink.FindStringSubmatch(text)
		if link == nil || !strings.Contains(text, "云腾科技 为您开通了账号") {
			t.Fatalf("the invitation: %s", text)
		}
		stranger.Post("/session/link", map[string]any{"token": link[1], "password": "Otter-lamp-77-cloud"}).Want(200)

		// Refused for good: told to administrators, sent again by hand.
		s.Turn(post.Options{TLS: true, Auth: true, Rcpt: func(string) error { return &smtp.SMTPError{Code: 550, Message: "mailbox full"} }})
		mailed().Want(202)
		stuck := letterIn(t, admin, "failed")
		if !strings.Contains(stuck["problem"].(string), "mailbox full") || stuck["to"] != "li@example.org" { //nolint:forcetypeassert // held to the document by the client
			t.Errorf("stuck: %v", stuck)
		}
		noClearText(t, c, post.Password, "join#")
		s.Turn(post.Options{TLS: true, Auth: true})
		again := "/settings/mail/letters/" + stuck["id"].(string) + "/retry" //nolint:forcetypeassert // held to the document by the client
		admin.Post(again, nil).Want(200)
		if text := bodyOfLetter(t, arrives(t, s)); !strings.Contains(text, "设置新密码") || joinLink.FindString(text) == "" {
			t.Errorf("the reset: %s", text)
		}
		letterIn(t, admin, "done")
		admin.Post(again, nil).Want(409)

		// Down for a while: tried again by itself.
		down := true
		s.Turn(post.Options{TLS: true, Auth: true, Mail: func(string) error {
			if down {
				down = false
				return &smtp.SMTPError{Code: 451, Message: "later"}
			}
			return nil
		}})
		stranger.Post("/session/forgot", map[string]any{"login": "nobody"}).Want(204)
		stranger.Post("/session/forgot", map[string]any{"login": " Li.Na "}).Want(204)
		if l := arrives(t, s); l.To != "li@example.org" || joinLink.FindString(bodyOfLetter(t, l)) == "" {
			t.Errorf("forgot: %+v", l)
		}
		for range 5 {
			stranger.Post("/session/forgot", map[string]any{"login": "li.na"})
		}
		stranger.Post("/session/forgot", map[string]any{"login": "li.na"}).Want(429)
		c.Member(company.Person{Login: "wang"})
		wang := c.As("wang")
		wang.Get("/settings/mail").Want(403)
		wang.Post("/members/"+li+"/mail", nil).Want(403)
		if got := admin.Patch("/settings/mail", map[string]any{"host": ""}).Want(200).Str("has_password"); got != "false" {
			t.Errorf("switched off: %s", got)
		}
	})
}

// Links that set a password go to a member's address: who may mend facts about
// colleagues must not turn the address of one who signs in to himself.
func TestOnlyAdministratorsTurnWhereLinksGo(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		all := func(op access.Op) access.Grant { return access.Grant{Entity: "org.member", Op: op, Scope: access.All} }
		c.Member(company.Person{Login: "clerk", Roles: []int64{c.Role("hr", []access.Grant{all(access.Read), all(access.Update), all(access.Export)})}})
		admin, clerk := c.As("admin"), c.As("clerk").With("If-Match", "*")
		boss := admin.Post("/records/org.member", map[string]any{"name": "老板", "login": "boss", "email": "boss@example.org"}).Want(201)
		path := "/records/org.member/" + boss.Str("id")
		clerk.Patch(path, map[string]any{"phone": "13800138000"}).Want(200)
		clerk.Patch(path, map[string]any{"email": "clerk@example.org"}).Want(403)
		bulk := map[string]any{"op": "update", "ids": []string{boss.Str("id")}, "patch": map[string]any{"email": "clerk@example.org"}}
		clerk.Post("/records/org.member/bulk", bulk)
		if got := admin.Get(path).Want(200).Str("email"); got != "boss@example.org" {
			t.Errorf("links go to %s now", got)
		}
		// Nobody signs in as one without a login: no link goes to him.
		guest := admin.Post("/records/org.member", map[string]any{"name": "旧人"}).Want(201)
		clerk.Patch("/records/org.member/"+guest.Str("id"), map[string]any{"email": "old@example.org"}).Want(200)
	})
}

// letterIn waits for a letter in a state.
func letterIn(t *testing.T, admin *company.Client, state string) map[string]any {
	t.Helper()
	late := time.After(time.Minute)
	for {
		for _, l := range admin.Get("/settings/mail/letters").Want(200).Items() {
			if l["state"] == state {
				return l
			}
		}
		select {
		case <-late:
			t.Fatalf("no letter is %s", state)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// noClearText looks through settings and jobs for what must not lie there.
func noClearText(t *testing.T, c *company.Company, secrets ...string) {
	t.Helper()
	err := c.App.DB.Read(t.Context(), func(q sqldb.Querier) error {
		var rows sqldb.Rows
		err := q.Query(t.Context(), "SELECT value FROM setting UNION ALL SELECT payload FROM job", nil, []record.Kind{record.KindText}, &rows)
		for i := range rows.Len() {
			for _, secret := range secrets {
				if strings.Contains(rows.At(i, 0).Str(), secret) {
					t.Errorf("%s lies in clear: %s", secret, rows.At(i, 0).Str())
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
