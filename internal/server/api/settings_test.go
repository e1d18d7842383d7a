package api_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/guanxicrm/guanxi/internal/app"
	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/testkit/company"
	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// What papers say of the company is kept in its usual form, and what is wrong
// is told at its field.
func TestCompanyData(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		c.Member(company.Person{Login: "wang"})
		c.As("wang").Get("/settings").Want(403)
		now := admin.Get("/settings").Want(200)
		if now.Str("password_least") != "8" || now.Str("session_idle") != "12" {
			t.Errorf("at first %s", now.Body)
		}
		set := admin.Patch("/settings", map[string]any{"name_en": " Yunteng Ltd ", "short_name": "云腾", "tax_number": "91110000600037341l", "website": "example.com", "page_url": "https://crm.example.com/",
			"phone": "021-5555 1234", "banks": []map[string]any{
				{"bank": "中国银行", "branch": "上海分行", "number": "6217 0012 3456", "swift": "bkch cnbj"},
				{"bank": "HSBC", "number": "GB29NWBK60161331926819", "currency": "USD", "default": true}}}).Want(200)
		for path, want := range map[string]string{"name": "云腾科技", "name_en": "Yunteng Ltd", "tax_number": "91110000600037341L", "website": "https://example.com", "page_url": "https://crm.example.com",
			"banks.0.swift": "BKCHCNBJ", "banks.0.currency": "CNY", "banks.0.default": "false", "banks.1.default": "true"} {
			if got := set.Str(path); got != want {
				t.Errorf("%s is %q, want %q", path, got, want)
			}
		}
		for field, body := range map[string]map[string]any{
			"name": {"name": " "}, "tax_number": {"tax_number": "911100006000373410"}, "phone": {"phone": "打电话"}, "email": {"email": "someone"},
			"page_url": {"page_url": "https://crm.example.com/path"}, "website": {"website": "javascript://x"}, "address": {"address": "上海\n市"},
			"banks.0.number": {"banks": []map[string]any{{"bank": "A", "number": "账号"}}}, "banks.0.swift": {"banks": []map[string]any{{"bank": "A", "number": "12345", "swift": "X"}}},
			"session_idle": {"session_idle": 721}, "session_days": {"session_days": 91},
			"password_least": {"password_least": 7}, "password_days": {"password_days": 731}, "lock_after": {"lock_after": 2}, "currency": {"currency": "USD"}, "short_name": {"short_name": strings.Repeat("长", 21)},
		} {
			if got := admin.Patch("/settings", body).Want(422).Str("errors.0.field"); got != field {
				t.Errorf("%v: at %q", body, got)
			}
		}
		admin.Patch("/settings", `{"no_such":1}`).Want(400)
		if got := admin.Patch("/settings", map[string]any{"banks": []any{}}).Want(200); got.Str("banks.0.bank") != "" || got.Str("name_en") != "Yunteng Ltd" {
			t.Errorf("without accounts %s", got.Body)
		}
		if meta := c.As("wang").Get("/meta").Want(200); meta.Str("company.short_name") != "云腾" || strings.Contains(string(meta.Body), "91110000600037341L") {
			t.Error("what a member sees of the company")
		}
	})
}

func picture(t *testing.T, w, h int, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = 200
	}
	img.Set(0, 0, color.Black)
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Pictures are drawn anew: what they carried besides is gone; only
// administrators see the seal, and it does not lie open in the database.
func TestCompanyPictures(t *testing.T) {
	asPNG := func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) }
	asJPEG := func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) }
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin, stranger := c.As("admin"), c.Anonymous()
		c.Member(company.Person{Login: "wang"})
		stranger.Get("/company/logo").Want(404)
		smuggled := append(picture(t, 1600, 400, asPNG), []byte("<script>alert(1)</script>")...)
		version := admin.Do("POST", "/settings/pictures/logo", smuggled).Want(200).Str("logo")
		got := stranger.Get("/company/logo").Want(200)
		img, err := png.Decode(bytes.NewReader(got.Body))
		if err != nil || img.Bounds().Dx() != 800 || img.Bounds().Dy() != 200 || bytes.Contains(got.Body, []byte("script")) || !strings.Contains(got.Header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("the logo: %v", err)
		}
		if face := stranger.Get("/company").Want(200); face.Str("logo") != version || face.Str("name") != "云腾科技" {
			t.Errorf("the face: %s", face.Body)
		}
		admin.Do("POST", "/settings/pictures/seal", picture(t, 300, 300, asJPEG)).Want(200)
		stranger.Get("/settings/pictures/seal").Want(401)
		c.As("wang").Get("/settings/pictures/seal").Want(403)
		c.As("wang").Do("POST", "/settings/pictures/logo", smuggled).Want(403)
		if seal := admin.Get("/settings/pictures/seal").Want(200); !bytes.HasPrefix(seal.Body, []byte("\x89PNG")) {
			t.Error("the seal is no PNG")
		}
		for name, raw := range map[string][]byte{
			"svg": []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"/>`), "empty": {}, "text": []byte("PNG"), "small": picture(t, 8, 8, asPNG),
			"wide": picture(t, 6001, 16, asPNG), "cut off": picture(t, 64, 64, asPNG)[:60], "large": make([]byte, 5<<20),
		} {
			if got := admin.Do("POST", "/settings/pictures/logo", raw).Want(422).Str("errors.0.field"); got != "file" {
				t.Errorf("%s: at %q", name, got)
			}
		}
		admin.Do("POST", "/settings/pictures/other", smuggled).Want(404)
		if got := admin.Do("DELETE", "/settings/pictures/logo", nil).Want(200).Str("logo"); got != "" {
			t.Errorf("taken away: %q", got)
		}
		stranger.Get("/company/logo").Want(404)
		if admin.Patch("/settings", map[string]any{"seal": "", "short_name": "云"}).Want(200).Str("seal") == "" {
			t.Error("a change of the texts took the seal away")
		}
	})
}

// Two administrators change the same thing: the second is shown both sides and
// nothing is lost; what they change apart is merged.
func TestTwoAdministratorsAtOnce(t *testing.T) {
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		tag := admin.Get("/settings").Want(200).Header.Get("ETag")
		next := admin.With("If-Match", tag).Patch("/settings", map[string]any{"phone": "021-1111"}).Want(200).Header.Get("ETag")
		lost := admin.With("If-Match", tag).Patch("/settings", map[string]any{"phone": "021-2222"}).Want(412)
		if lost.Str("current.phone") != "021-1111" || lost.Header.Get("ETag") != next {
			t.Errorf("both sides: %s", lost.Body)
		}
		admin.With("If-Match", next).Patch("/settings", map[string]any{"phone": "021-2222"}).Want(200)

		role := admin.Post("/records/org.role", map[string]any{"name": "试用"}).Want(201).Str("id")
		rights := func(op string) map[string]any {
			return map[string]any{"fields": []any{}, "grants": []map[string]any{{"entity": "crm.customer", "operation": op, "scope": "own", "departments": []string{}, "deny": false}}}
		}
		tag = admin.Get("/roles/" + role + "/rights").Want(200).Header.Get("ETag")
		admin.With("If-Match", tag).Post("/roles/"+role+"/rights", rights("read")).Want(200)
		lost = admin.With("If-Match", tag).Post("/roles/"+role+"/rights", rights("update")).Want(412)
		if lost.Str("current.grants.0.operation") != "read" {
			t.Errorf("both sides: %s", lost.Body)
		}
		if got := admin.Get("/roles/" + role + "/rights").Str("grants.0.operation"); got != "read" {
			t.Errorf("the second won: %s", got)
		}

		seen := admin.Get("/customize/entities/crm.customer").Want(200).Str("tag")
		admin.With("If-Match", `"`+seen+`"`).Patch("/customize/entities/crm.customer", map[string]any{"icon": "star"}).Want(200)
		lost = admin.With("If-Match", `"`+seen+`"`).Patch("/customize/entities/crm.customer", map[string]any{"icon": "heart"}).Want(412)
		if lost.Str("current.icon") != "star" {
			t.Errorf("both sides: %s", lost.Body)
		}
		admin.Patch("/customize/entities/crm.customer", map[string]any{"label": map[string]string{"en": "Client"}}).Want(200)
		if got := admin.Get("/customize/entities/crm.customer"); got.Str("icon") != "star" || got.Str("label.en") != "Client" {
			t.Errorf("merged: %s", got.Body)
		}
	})
}

// An option that is given anew takes nothing over from the one that stood at
// its place.
func TestOptionsAreGivenAnew(t *testing.T) {
	c := company.Open(t, company.Options{})
	admin := c.As("admin")
	const grade = "/customize/entities/crm.customer/fields/grade"
	options := func(list ...map[string]any) map[string]any {
		return map[string]any{"settings": map[string]any{"options": list}}
	}
	a, b := map[string]any{"code": "a", "label": zh("甲"), "color": "red", "hidden": true}, map[string]any{"code": "b", "label": zh("乙")}
	body := options(a, b)
	body["key"], body["type"], body["label"] = "grade", "choice", zh("等级")
	admin.Post("/customize/entities/crm.customer/fields", body).Want(201)
	got := admin.Patch(grade, options(b, a)).Want(200)
	if got.Str("settings.options.0.hidden") != "" || got.Str("settings.options.0.color") != "" || got.Str("settings.options.1.hidden") != "true" {
		t.Errorf("turned round: %s", got.Body)
	}
}

// The password policy holds at every door through which a password comes in,
// the command line among them (ASVS V6.2.1).
func TestPasswordPolicyAtEveryDoor(t *testing.T) {
	const short, long = "Otter-lamp-77", "Otter-lamp-77-cloud-yard"
	company.Each(t, func(t *testing.T, c *company.Company) {
		admin := c.As("admin")
		c.Member(company.Person{Login: "wang"})
		admin.Patch("/settings", map[string]any{"password_least": 16, "short_name": "丰登"}).Want(200)
		if got := c.Anonymous().Get("/company").Want(200).Str("password_least"); got != "16" {
			t.Errorf("the page is told %s", got)
		}
		in := c.Anonymous().Post("/session", map[string]any{"login": "wang", "password": company.Password}).Want(200)
		cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
		li := admin.Post("/records/org.member", map[string]any{"name": "李娜", "login": "li.na"}).Want(201).Str("id")
		link := admin.Post("/members/"+li+"/link", nil).Want(201).Str("token")
		command := func(name string, in map[string]any) string {
			raw, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			key := ""
			c.App.Run(t.Context(), "root", app.Request{Command: name, Args: raw}, func(e app.Event) {
				if e.Error != nil {
					key = e.Error.Key
				}
			})
			return key
		}
		doors := map[string]func(password string) string{
			"the link": func(p string) string {
				return c.Anonymous().Post("/session/link", map[string]any{"token": link, "password": p}).Str("key")
			},
			"the member": func(p string) string {
				r := c.Anonymous().With("Cookie", cookie).Post("/me/password", map[string]any{"old": company.Password, "new": p})
				return keyOf(r)
			},
			"user add": func(p string) string {
				return command("user add", map[string]any{"login": "zhao", "name": "赵", "password": p})
			},
			"user password": func(p string) string {
				return command("user password", map[string]any{"login": "admin", "password": p})
			},
			"an old password": func(p string) string {
				return c.Anonymous().Post("/session/renew", map[string]any{"login": "wang", "password": company.Password, "new": p}).Str("key")
			},
		}
		for _, name := range []string{"the link", "an old password", "the member", "user add", "user password"} {
			if got := doors[name](short); got != "error.password_short" {
				t.Errorf("%s takes a short password: %q", name, got)
			}
			if got := doors[name]("丰登丰登丰登丰登丰登丰登丰登丰登"); got != "error.password_context" {
				t.Errorf("%s takes the company's name: %q", name, got)
			}
		}
		for _, name := range []string{"the link", "the member", "user add", "user password"} {
			if got := doors[name](long); got != "" {
				t.Errorf("%s refuses a long password: %q", name, got)
			}
		}
	})
}

func keyOf(r company.Reply) string {
	if len(r.Body) == 0 {
		return ""
	}
	return r.Str("key")
}

// A password that is too old proves who he is and opens nothing until another
// is set; wrong ones wait after as many tries as the settings say.
func TestPasswordsAgeAndGuessesWait(t *testing.T) {
	for name, database := range map[string]func() string{"sqlite": func() string { return "" }, "postgres": func() string { return pg.URL(t) }} {
		t.Run(name, func(t *testing.T) {
			at := clock.NewFake(time.Now())
			c := company.Open(t, company.Options{Database: database(), Clock: at})
			c.Member(company.Person{Login: "wang"})
			c.As("admin").Patch("/settings", map[string]any{"password_days": 30, "lock_after": 3}).Want(200)
			try := func(password string) company.Reply {
				return c.Anonymous().Post("/session", map[string]any{"login": "wang", "password": password})
			}
			try(company.Password).Want(200)
			at.Advance(31 * 24 * time.Hour)
			if got := try(company.Password).Want(403).Str("key"); got != "error.password_aged" {
				t.Errorf("an old password: %s", got)
			}
			renew := func(old, password string) company.Reply {
				return c.Anonymous().Post("/session/renew", map[string]any{"login": "wang", "password": old, "new": password})
			}
			renew(company.Password, company.Password).Want(422)
			renew("Wrong-plum-29-river", "Otter-lamp-77-cloud").Want(401)
			renew(company.Password, "Otter-lamp-77-cloud").Want(200)
			try("Otter-lamp-77-cloud").Want(200)
			for range 3 {
				try("Wrong-plum-29-river").Want(401)
			}
			try("Otter-lamp-77-cloud").Want(429)
			c.As("admin").Patch("/settings", map[string]any{"session_idle": 1}).Want(200)
			at.Advance(16 * time.Minute)
			in := try("Otter-lamp-77-cloud").Want(200)
			cookie, _, _ := strings.Cut(in.Header.Get("Set-Cookie"), ";")
			at.Advance(61 * time.Minute)
			c.Anonymous().With("Cookie", cookie).Get("/me").Want(401)
		})
	}
}
