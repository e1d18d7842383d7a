// Package demo fills an installation with a trading company that does not
// exist, so that every page shows life (PLT-22). All of it is made of the
// words in this package by a fixed seed: the same day gives the same company.
package demo

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Name is what the company is called.
const Name = "远山机电贸易（演示）有限公司"

// seed makes the company what it is.
const seed = 20200229

// span is how far back the company goes, in days.
const span = 548

// Scene is the company before it is written: what points to another points to
// its place in the list.
type Scene struct {
	Day, Now  time.Time // midnight of the day that it is of, and the moment
	Customers []Customer
	Contacts  []Contact
	Leads     []Lead
	Notes     []Note
	Plans     []Plan
	Tasks     []Task
	Products  []Product
	Rivals    []string
	Rates     []Rate
	Deals     []Deal
	Steps     []Step // of all deals, in the order of time
	Drops     []Drop
	Goals     []Goal
}

// Customer is one of crm.customer.
type Customer struct {
	Name, Short, Status, Level, Industry, Business, Source string
	Tag, Phone, Website, Region, Address, USCC, Next       string
	Parent                                                 int // -1 = none
	Owner                                                  int
	Employees, Revenue, Amount                             int64 // money in units of 1/10,000
	Since                                                  time.Time
	city                                                   city
}

// Contact is one of crm.contact.
type Contact struct {
	Customer, Owner                        int
	Name, Title, Dept, Role, Mobile, Email string
	WeChat, Gender, Birthday               string
}

// Lead is one of crm.lead. Action is what became of it, "" for nothing yet.
type Lead struct {
	Name, Company, Person, Title, Mobile, Source, Industry, Region string
	Heat, Demand, Next, Action, Reason                             string
	Owner                                                          int
	Amount                                                         int64
	Since                                                          time.Time
	Pooled                                                         bool // nobody has it, unless a rule gives it to somebody
	Buys                                                           bool // an opportunity is made of it too
}

// Drop is a customer whom its owner gives back to the pool.
type Drop struct {
	Customer int
	At       time.Time
}

// Note is one of crm.follow_up, about a customer or else a lead.
type Note struct {
	Customer, Lead, Contact int // -1 = none
	Owner                   int
	Kind, Text              string
	At                      time.Time
}

// Plan is one of crm.follow_plan. Done says that it is over.
type Plan struct {
	Customer, Contact, Owner int
	Title, Kind              string
	At                       time.Time
	Done                     bool
}

// Task is one of work.task.
type Task struct {
	Title, Priority, Action string
	Assignee, Creator       int
	Customer                int // -1 = none
	Due                     time.Time
}

// maker puts a scene together.
type maker struct {
	Scene
	r     *rand.Rand
	taken map[string]bool
	bills int // how many invoices there are
}

// Make puts together a company of so many customers as it is on a day.
func Make(day time.Time, customers int) *Scene {
	year, month, date := day.Date()
	m := &maker{r: rand.New(rand.NewPCG(seed, 1)), taken: map[string]bool{}} //nolint:gosec // it is to be the same each time
	m.Day, m.Now = time.Date(year, month, date, 0, 0, 0, 0, day.Location()), day
	m.customers(customers)
	m.contacts()
	m.leads(customers * 2 / 5)
	m.notes()
	m.plans(max(customers/5, 4))
	m.tasks(max(customers/5, 4))
	m.deals()
	m.drops()
	m.goals()
	return &m.Scene
}

func pick[T any](m *maker, from []T) T { return from[m.r.IntN(len(from))] }

// often picks an index by weights.
func (m *maker) often(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := m.r.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

func (m *maker) chance(percent int) bool { return m.r.IntN(100) < percent }

// working gives a moment of a working day so many days before today.
func (m *maker) working(ago int) time.Time {
	t := m.Day.AddDate(0, 0, -ago)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, -1)
	}
	return t.Add(time.Duration(9*60+m.r.IntN(9*12)*5) * time.Minute)
}

// date is a day so many days from today, moved on to a working day.
func (m *maker) date(ahead int) string {
	t := m.Day.AddDate(0, 0, ahead)
	for t.Weekday() == time.Saturday || t.Weekday() == time.Sunday {
		t = t.AddDate(0, 0, 1)
	}
	return t.Format(time.DateOnly)
}

// fresh gives what make makes the first time that it was not given before.
func (m *maker) fresh(make func() string) string {
	for {
		if s := make(); !m.taken[s] {
			m.taken[s] = true
			return s
		}
	}
}

func (m *maker) personName() string { return pick(m, surnames()) + pick(m, givenNames()) }

func (m *maker) mobile() string {
	return m.fresh(func() string {
		return fmt.Sprintf("%s%08d", pick(m, list("139 138 136 186 177 150 188")), m.r.IntN(100_000_000))
	})
}

// uscc makes a code with its check character, of the region of a city.
func (m *maker) uscc(region string) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	for len(region) < 6 {
		region += "0"
	}
	code := "91" + region + "MA"
	for len(code) < 17 {
		code += string(alphabet[m.r.IntN(len(alphabet))])
	}
	sum, weight := 0, 1
	for _, c := range []byte(code) {
		for v := range len(alphabet) {
			if alphabet[v] == c {
				sum += v * weight
			}
		}
		weight = weight * 3 % 31
	}
	return code + string(alphabet[(31-sum%31)%31])
}
