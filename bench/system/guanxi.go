package system

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/workload"
)

const (
	customers = "/api/v1/records/crm.customer"
	tail      = "&sort=-source_created_at&limit=50"
)

// Guanxi speaks the product's API, as any program would: keys, filters as
// text, answers in the list's own columns.
type Guanxi struct {
	addr  string
	pid   int
	truth *dataset.Truth

	ids     []string // of the first rows, by number
	members []string // ids by number
	admin   string   // header fields of the administrator
	keys    []string // header fields by member
	byOwner [dataset.Members + 1][len(dataset.Statuses)]string
	byState [len(dataset.Statuses)]string
}

// ConnectGuanxi learns the ids of members and customers. AdminKey and keys (by
// member number) are bearer keys.
func ConnectGuanxi(addr string, pid int, truth *dataset.Truth, adminKey string, keys []string) (*Guanxi, error) {
	g := &Guanxi{addr: addr, pid: pid, truth: truth, admin: bearer(addr, adminKey), keys: make([]string, len(keys)),
		ids: make([]string, truth.Rows+1), members: make([]string, dataset.Members+1)}
	for m, k := range keys {
		g.keys[m] = bearer(addr, k)
	}
	if err := learn(NewAPI(addr, adminKey), "org.member", "login", func(id, login string) {
		if n, err := strconv.Atoi(strings.TrimPrefix(login, "sales")); err == nil && n < len(g.members) {
			g.members[n] = id
		}
	}); err != nil {
		return nil, err
	}
	if err := learn(NewAPI(addr, adminKey), "crm.customer", "external_id", func(id, number string) {
		if n, err := strconv.Atoi(number); err == nil && n < len(g.ids) {
			g.ids[n] = id
		}
	}); err != nil {
		return nil, err
	}
	for _, list := range [][]string{g.members[1:], g.ids[1:]} {
		for i, id := range list {
			if id == "" {
				return nil, fmt.Errorf("guanxi: number %d of %d was not imported", i+1, len(list))
			}
		}
	}
	g.paths()
	return g, nil
}

func bearer(addr, key string) string {
	return "Host: " + addr + "\r\nAuthorization: Bearer " + key + "\r\n"
}

// paths are written once: the client must cost little.
func (g *Guanxi) paths() {
	for s, code := range dataset.Statuses {
		g.byState[s] = customers + "?filter=" + url.QueryEscape(`status == "`+code+`"`) + tail + "&count=true"
		for m := 1; m <= dataset.Members; m++ {
			g.byOwner[m][s] = customers + "?filter=" + url.QueryEscape(`owner == "`+g.members[m]+`" and status == "`+code+`"`) + tail + "&count=true"
		}
	}
}

// learn reads every record's id and one field, page by page.
func learn(api *API, entity, field string, each func(id, value string)) error {
	defer api.Close()
	base := "/records/" + entity + "?sort=id&limit=200&fields=" + field
	for cursor := ""; ; {
		path := base
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		var page struct {
			Items []map[string]json.RawMessage
			Next  *string
		}
		if err := api.Call("GET", path, nil, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			var id, value string
			if json.Unmarshal(item["id"], &id) == nil && json.Unmarshal(item[field], &value) == nil {
				each(id, value)
			}
		}
		if page.Next == nil || *page.Next == "" {
			return nil
		}
		cursor = *page.Next
	}
}

// Name implements System.
func (g *Guanxi) Name() string { return "guanxi" }

// Addr implements System.
func (g *Guanxi) Addr() string { return g.addr }

// PID implements System.
func (g *Guanxi) PID() int { return g.pid }

// Truth implements System.
func (g *Guanxi) Truth() *dataset.Truth { return g.truth }

// Append implements System.
func (g *Guanxi) Append(buf []byte, c *workload.Call) []byte {
	switch c.Op {
	case workload.Open:
		return httpraw.Body(httpraw.Request(buf, "GET", customers+"/"+g.ids[c.ID], g.admin), nil)
	case workload.List:
		return httpraw.Body(httpraw.Request(buf, "GET", g.byOwner[c.Owner][c.Status], g.admin), nil)
	case workload.Wide:
		return httpraw.Body(httpraw.Request(buf, "GET", g.byState[c.Status], g.admin), nil)
	case workload.Own:
		return httpraw.Body(httpraw.Request(buf, "GET", g.byState[c.Status], g.keys[c.Member]), nil)
	case workload.Search:
		return httpraw.Body(httpraw.Request(buf, "GET", customers+"?q="+url.QueryEscape(c.Word)+tail, g.admin), nil)
	case workload.Report:
		return httpraw.Body(httpraw.Request(buf, "POST", customers+"/aggregate", g.admin),
			[]byte(`{"group":["region","source_created_at:month"],"measures":["count","sum:amount"],"limit":10000}`))
	case workload.Update:
		return httpraw.Body(httpraw.Request(buf, "PATCH", customers+"/"+g.ids[c.ID], g.admin+"If-Match: *\r\n"), []byte(`{"phone":"`+c.Phone+`"}`))
	case workload.Create:
		return httpraw.Body(httpraw.Request(buf, "POST", customers, g.admin), g.json(dataset.At(c.ID)))
	}
	return buf
}

func (g *Guanxi) json(c dataset.Customer) []byte {
	b := make([]byte, 0, 512)
	for _, f := range [...]struct{ name, value string }{
		{`{"name":"`, c.Name}, {`","owner":"`, g.members[c.Owner]}, {`","phone":"`, c.Phone}, {`","email":"`, c.Email}, {`","industry":"`, c.Industry.Code},
		{`","region":"`, c.Region.Code}, {`","status":"`, dataset.Statuses[c.Status]}, {`","source":"`, c.Source}, {`","amount":"`, c.Amount()},
		{`","source_created_at":"`, c.CreatedText()}, {`","remark":"`, c.Remark},
	} {
		b = append(append(b, f.name...), f.value...)
	}
	return append(b, `"}`...)
}

// Check implements System.
func (g *Guanxi) Check(c *workload.Call, a httpraw.Answer, deep bool) error {
	if c.Op == workload.Create {
		if err := status(a, 201); err != nil {
			return err
		}
		return occurrences(a.Body, `"name":"`+dataset.At(c.ID).Name+`"`, 1)
	}
	if err := status(a, 200); err != nil {
		return err
	}
	switch c.Op {
	case workload.Open:
		return occurrences(a.Body, `"name":"`+dataset.At(c.ID).Name+`"`, 1)
	case workload.List:
		return g.checkPage(a.Body, deep, g.truth.OfOwner(c.Owner, c.Status), c.Owner, c.Status)
	case workload.Own:
		return g.checkPage(a.Body, deep, g.truth.OfOwner(c.Member, c.Status), c.Member, c.Status)
	case workload.Wide:
		return g.checkPage(a.Body, deep, g.truth.OfStatus(c.Status), 0, c.Status)
	case workload.Search:
		if err := occurrences(a.Body, `"version":`, min(workload.Page, g.truth.WithWord(c.Word))); err != nil || !deep {
			return err
		}
		return g.checkDeep(a.Body, c.Word)
	case workload.Update:
		return occurrences(a.Body, c.Phone, 1)
	case workload.Report:
		return g.checkReport(a.Body, deep)
	}
	return nil
}

// checkPage: a capped total is right when it says so and is not above the
// truth.
func (g *Guanxi) checkPage(body []byte, deep bool, total, owner, st int) error {
	rows := min(workload.Page, total)
	for _, mark := range []string{`"status":"` + dataset.Statuses[st] + `"`, `"version":`} {
		if err := occurrences(body, mark, rows); err != nil {
			return err
		}
	}
	if owner != 0 {
		if err := occurrences(body, `"owner":{"id":"`+g.members[owner]+`"`, rows); err != nil {
			return err
		}
	}
	n, ok := numberAfter(body, `"count":{"value":`)
	exact := strings.Contains(string(body[max(0, len(body)-200):]), `"exact":true`)
	if !ok || n > total || exact && n != total || !exact && n < 1000 {
		return fmt.Errorf("%w: %d (exact %v), want %d", errTotal, n, exact, total)
	}
	if deep {
		return g.checkDeep(body, "")
	}
	return nil
}

func (g *Guanxi) checkDeep(body []byte, word string) error {
	var page struct {
		Items []struct {
			Name    string
			Created string `json:"source_created_at"`
		}
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return err
	}
	dates := make([]string, 0, len(page.Items))
	for _, item := range page.Items {
		if !strings.Contains(item.Name, word) {
			return fmt.Errorf("%s does not hold %s", item.Name, word)
		}
		if item.Created != "" { // the list may not show it
			dates = append(dates, item.Created)
		}
	}
	return newestFirst(dates)
}

func (g *Guanxi) checkReport(body []byte, deep bool) error {
	if !deep {
		return nil
	}
	var report struct {
		Rows      [][]json.RawMessage
		Truncated bool
	}
	if err := json.Unmarshal(body, &report); err != nil {
		return err
	}
	var rows, cents int64
	for _, r := range report.Rows {
		var n int64
		var sum string
		if len(r) != 4 || json.Unmarshal(r[2], &n) != nil || json.Unmarshal(r[3], &sum) != nil {
			return fmt.Errorf("a strange group: %s", r)
		}
		digits := strings.Replace(sum, ".", "", 1)
		c, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || len(sum)-strings.IndexByte(sum, '.') != 3 {
			return fmt.Errorf("a strange sum: %s", sum)
		}
		rows, cents = rows+n, cents+c
	}
	want, wantCents := g.truth.All()
	if report.Truncated || rows != want || cents != wantCents {
		return fmt.Errorf("%d groups hold %d rows and %d cents, want %d and %d", len(report.Rows), rows, cents, want, wantCents)
	}
	return nil
}
