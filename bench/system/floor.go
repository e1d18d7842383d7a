package system

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/bench/dataset"
	"github.com/guanxicrm/guanxi/bench/httpraw"
	"github.com/guanxicrm/guanxi/bench/workload"
)

// Floor speaks the floor's little protocol: member numbers and plain paths.
// Any other server that speaks it over the same data can stand beside ours.
type Floor struct {
	name, addr string
	pid        int
	truth      *dataset.Truth
	admin      string   // header fields of member 1 who sees all
	members    []string // header fields by member
}

// ConnectFloor signs in every member.
func ConnectFloor(name, addr string, pid int, truth *dataset.Truth) (*Floor, error) {
	f := &Floor{name: name, addr: addr, pid: pid, truth: truth, members: make([]string, dataset.Members+1)}
	conn := &httpraw.Conn{Addr: addr}
	defer conn.Close()
	host := "Host: " + addr + "\r\n"
	for m := 1; m <= dataset.Members; m++ {
		body, err := json.Marshal(map[string]string{"user": dataset.Login(m), "password": dataset.Password(m)})
		if err != nil {
			return nil, err
		}
		a, err := conn.Call(httpraw.Body(httpraw.Request(nil, "POST", "/login", host), body))
		if err == nil {
			err = status(a, 200)
		}
		var out struct{ Token string }
		if err == nil {
			err = json.Unmarshal(a.Body, &out)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: signing in member %d: %w", name, m, err)
		}
		f.members[m] = host + "Authorization: Bearer " + out.Token + "\r\n"
	}
	f.admin = f.members[1] + "X-Admin: 1\r\n"
	return f, nil
}

// Name implements System.
func (f *Floor) Name() string { return f.name }

// Addr implements System.
func (f *Floor) Addr() string { return f.addr }

// PID implements System.
func (f *Floor) PID() int { return f.pid }

// Truth implements System.
func (f *Floor) Truth() *dataset.Truth { return f.truth }

// Append implements System.
func (f *Floor) Append(buf []byte, c *workload.Call) []byte {
	switch c.Op {
	case workload.Open:
		return httpraw.Body(httpraw.Request(buf, "GET", "/c/"+strconv.Itoa(c.ID), f.admin), nil)
	case workload.List:
		return httpraw.Body(httpraw.Request(buf, "GET", "/list?owner="+strconv.Itoa(c.Owner)+"&status="+dataset.Statuses[c.Status], f.admin), nil)
	case workload.Wide:
		return httpraw.Body(httpraw.Request(buf, "GET", "/list?status="+dataset.Statuses[c.Status], f.admin), nil)
	case workload.Own:
		return httpraw.Body(httpraw.Request(buf, "GET", "/list?status="+dataset.Statuses[c.Status], f.members[c.Member]), nil)
	case workload.Search:
		return httpraw.Body(httpraw.Request(buf, "GET", "/search?q="+url.QueryEscape(c.Word), f.admin), nil)
	case workload.Report:
		return httpraw.Body(httpraw.Request(buf, "GET", "/report", f.admin), nil)
	case workload.Update:
		return httpraw.Body(httpraw.Request(buf, "PATCH", "/c/"+strconv.Itoa(c.ID), f.admin), []byte(`{"phone":"`+c.Phone+`"}`))
	case workload.Create:
		return httpraw.Body(httpraw.Request(buf, "POST", "/c", f.admin), floorJSON(dataset.At(c.ID)))
	}
	return buf
}

func floorJSON(c dataset.Customer) []byte {
	b := make([]byte, 0, 512)
	for _, f := range [...]struct{ name, value string }{
		{`{"name":"`, c.Name}, {`","phone":"`, c.Phone}, {`","email":"`, c.Email}, {`","industry":"`, c.Industry.Name}, {`","region":"`, c.Region.Name},
		{`","status":"`, dataset.Statuses[c.Status]}, {`","source":"`, c.Source}, {`","created_at":"`, c.CreatedText()}, {`","remark":"`, c.Remark},
		{`","owner":`, strconv.Itoa(c.Owner)}, {`,"amount":`, c.Amount()},
	} {
		b = append(append(b, f.name...), f.value...)
	}
	return append(b, '}')
}

// Check implements System.
func (f *Floor) Check(c *workload.Call, a httpraw.Answer, deep bool) error {
	if err := status(a, 200); err != nil {
		return err
	}
	switch c.Op {
	case workload.Open:
		return occurrences(a.Body, `"name":"`+dataset.At(c.ID).Name+`"`, 1)
	case workload.List:
		return f.checkPage(a.Body, deep, f.truth.OfOwner(c.Owner, c.Status), c.Owner, c.Status)
	case workload.Own:
		return f.checkPage(a.Body, deep, f.truth.OfOwner(c.Member, c.Status), c.Member, c.Status)
	case workload.Wide:
		return f.checkPage(a.Body, deep, f.truth.OfStatus(c.Status), 0, c.Status)
	case workload.Search:
		if err := occurrences(a.Body, `"name":"`, min(workload.Page, f.truth.WithWord(c.Word))); err != nil || !deep {
			return err
		}
		return f.checkDeep(a.Body, c.Word)
	case workload.Report:
		return f.checkReport(a.Body, deep)
	case workload.Create:
		if n, ok := numberAfter(a.Body, `{"id":`); !ok || n <= f.truth.Rows {
			return fmt.Errorf("no new id: %s", a.Body)
		}
	case workload.Update:
	}
	return nil
}

func (f *Floor) checkPage(body []byte, deep bool, total, owner, st int) error {
	rows := min(workload.Page, total)
	if err := occurrences(body, `"status":"`+dataset.Statuses[st]+`"`, rows); err != nil {
		return err
	}
	if owner != 0 {
		if err := occurrences(body, `"owner":`+strconv.Itoa(owner)+`,`, rows); err != nil {
			return err
		}
	}
	if err := occurrences(body, `"name":"`, rows); err != nil { // no row besides
		return err
	}
	if n, ok := numberAfter(body, `"total":`); !ok || n != total {
		return fmt.Errorf("%w: %d, want %d", errTotal, n, total)
	}
	if deep {
		return f.checkDeep(body, "")
	}
	return nil
}

func (f *Floor) checkDeep(body []byte, word string) error {
	var page struct {
		Items []struct {
			Name    string
			Created string `json:"created_at"`
		}
	}
	if err := json.Unmarshal(body, &page); err != nil {
		return err
	}
	dates := make([]string, len(page.Items))
	for i, item := range page.Items {
		if !strings.Contains(item.Name, word) {
			return fmt.Errorf("%s does not hold %s", item.Name, word)
		}
		dates[i] = item.Created
	}
	return newestFirst(dates)
}

func (f *Floor) checkReport(body []byte, deep bool) error {
	if !deep {
		return nil
	}
	var report struct {
		Items []struct {
			N     int64
			Total float64
		}
	}
	if err := json.Unmarshal(body, &report); err != nil {
		return err
	}
	var rows int64
	var sum float64
	for _, g := range report.Items {
		rows += g.N
		sum += g.Total
	}
	want, cents := f.truth.All()
	if rows != want || math.Abs(sum-float64(cents)/100) > 1 {
		return fmt.Errorf("%d groups hold %d rows and %.2f, want %d and %.2f", len(report.Items), rows, sum, want, float64(cents)/100)
	}
	return nil
}
