package jobs

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Cron queues a job at every tick of a schedule, once, however many processes
// run. Of ticks missed while nobody ran only the latest is made up for. A tick
// that comes while the job of an earlier one is still alive is skipped.
type Cron struct {
	Name string // for ever: it names the ticks
	// Spec is "minute hour day-of-month month day-of-week" with *, lists,
	// ranges and steps, days of the week 0 to 7 from Sunday; or "@daily 02:00".
	// With both days restricted either one suffices, as in every cron.
	Spec    string
	Zone    *time.Location // nil = UTC
	Kind    string
	Payload string
}

// keepTicks is how long the rows of past ticks are kept, for people.
const keepTicks = 30 * 24 * time.Hour

type cron struct {
	Cron
	schedule schedule
	settled  time.Time // the last tick that this process knows to be dealt with
}

// CronFunc adds a schedule that may change while the process runs: fn is asked
// at every look for work, false means none at the moment. A changed schedule
// needs another Name, so that its first tick is only marked.
func (r *Runner) CronFunc(fn func(ctx context.Context) (Cron, bool)) {
	r.changing = append(r.changing, &changing{fn: fn})
}

// changing is a schedule that is asked for.
type changing struct {
	fn  func(ctx context.Context) (Cron, bool)
	now *cron
}

// cron is the schedule as it is now, nil for none.
func (c *changing) cron(ctx context.Context) (*cron, error) {
	want, ok := c.fn(ctx)
	if !ok {
		c.now = nil
		return nil, nil
	}
	if c.now != nil && c.now.Name == want.Name {
		return c.now, nil
	}
	made, err := newCron(want)
	if err != nil {
		return nil, err
	}
	c.now = made
	return made, nil
}

// Cron adds a schedule; Invalid "error.cron" when its Spec is none.
func (r *Runner) Cron(c Cron) error {
	made, err := newCron(c)
	if err == nil {
		r.crons = append(r.crons, made)
	}
	return err
}

func newCron(c Cron) (*cron, error) {
	s, err := parseSchedule(c.Spec)
	if err != nil {
		return nil, err
	}
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	return &cron{Cron: c, schedule: s}, nil
}

// fireCrons queues what has become due.
func (r *Runner) fireCrons(ctx context.Context) {
	now := r.queue.clock.Now()
	list := r.crons[:len(r.crons):len(r.crons)]
	for _, c := range r.changing {
		made, err := c.cron(ctx)
		if err != nil {
			r.opt.OnError(err)
		}
		if made != nil {
			list = append(list, made)
		}
	}
	for _, c := range list {
		tick, ok := c.schedule.last(now.In(c.Zone))
		if !ok || !tick.After(c.settled) {
			continue
		}
		if err := r.fire(ctx, c, tick); err != nil {
			if ctx.Err() == nil {
				r.opt.OnError(fmt.Errorf("cron %s: %w", c.Name, err))
			}
			continue
		}
		c.settled = tick
	}
}

var (
	lastTickSQL   = ddl.Both(`SELECT tick FROM job_tick WHERE name = $1 ORDER BY tick DESC LIMIT 1`)
	addTickSQL    = ddl.Both(`INSERT INTO job_tick (name, tick) VALUES ($1, $2)`)
	forgetTickSQL = ddl.Both(`DELETE FROM job_tick WHERE name = $1 AND tick < $2`)
)

// fire marks the tick and queues its job in one transaction, unless somebody
// did. The first time a schedule is seen its past tick is only marked: it was
// before the schedule existed.
func (r *Runner) fire(ctx context.Context, c *cron, tick time.Time) error {
	return r.queue.db.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, "cron:"+c.Name); err != nil {
			return err
		}
		var rows sqldb.Rows
		rows.Reset(1)
		if err := tx.Query(ctx, lastTickSQL.For(tx.Dialect()), []record.Value{record.Text(c.Name)}, oneInt, &rows); err != nil {
			return err
		}
		if rows.Len() > 0 && rows.At(0, 0).Int() >= tick.UnixMicro() {
			return nil
		}
		if _, err := tx.Exec(ctx, addTickSQL.For(tx.Dialect()), record.Text(c.Name), record.Int(tick.UnixMicro())); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, forgetTickSQL.For(tx.Dialect()), record.Text(c.Name), record.Int(tick.Add(-keepTicks).UnixMicro())); err != nil {
			return err
		}
		if rows.Len() == 0 {
			return nil
		}
		_, err := r.queue.Enqueue(ctx, tx, Job{Kind: c.Kind, Key: "cron:" + c.Name, Payload: c.Payload})
		return err
	})
}

// schedule holds a bit for every value of each field that fits.
type schedule struct {
	minute, hour, day, month, weekday uint64
	anyDay, anyWeekday                bool
}

func cronError(spec string) error { return errs.New(errs.Invalid, "error.cron", "value", spec) }

func parseSchedule(spec string) (schedule, error) {
	var s schedule
	if at, ok := strings.CutPrefix(spec, "@daily "); ok {
		t, err := time.Parse("15:04", strings.TrimSpace(at))
		if err != nil {
			return s, cronError(spec)
		}
		return parseSchedule(fmt.Sprintf("%d %d * * *", t.Minute(), t.Hour()))
	}
	fields := strings.Fields(spec)
	if len(fields) != 5 {
		return s, cronError(spec)
	}
	for i, f := range []struct {
		bits      *uint64
		low, high int
	}{{&s.minute, 0, 59}, {&s.hour, 0, 23}, {&s.day, 1, 31}, {&s.month, 1, 12}, {&s.weekday, 0, 7}} {
		bits, ok := parseField(fields[i], f.low, f.high)
		if !ok {
			return s, cronError(spec)
		}
		*f.bits = bits
	}
	s.weekday |= s.weekday >> 7 & 1 // 7 is Sunday, too
	s.anyDay, s.anyWeekday = fields[2] == "*", fields[4] == "*"
	return s, nil
}

// parseField reads "*", "5", "1-5", "*/15", "10-40/10" and lists of them.
func parseField(text string, low, high int) (bits uint64, ok bool) {
	for _, part := range strings.Split(text, ",") {
		span, stepText, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			if step, ok = number(stepText, 1, high); !ok {
				return 0, false
			}
		}
		from, to := low, high
		if span != "*" {
			first, last, ranged := strings.Cut(span, "-")
			if from, ok = number(first, low, high); !ok {
				return 0, false
			}
			if to = from; ranged {
				if to, ok = number(last, from, high); !ok {
					return 0, false
				}
			} else if stepped {
				to = high
			}
		}
		for n := from; n <= to; n += step {
			bits |= 1 << n
		}
	}
	return bits, true
}

func number(s string, low, high int) (int, bool) {
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= low && n <= high && s[0] != '+' && s[0] != '-'
}

// maxDays is how far back a tick is looked for: a 29 February comes again
// within eight years.
const maxDays = 8*366 + 1

// last is the latest tick at or before t, in t's zone; ok is false for a
// schedule that never comes. A time that a change of the clocks leaves out
// comes at the moment Go gives it; one that comes twice counts once.
func (s *schedule) last(t time.Time) (tick time.Time, ok bool) {
	year, month, day := t.Date()
	for back := range maxDays {
		date := time.Date(year, month, day-back, 12, 0, 0, 0, time.UTC)
		if !s.fits(date) {
			continue
		}
		y, m, d := date.Date()
		for hour := 23; hour >= 0; hour-- {
			if s.hour>>hour&1 == 0 {
				continue
			}
			for minute := 59; minute >= 0; minute-- {
				if s.minute>>minute&1 == 0 {
					continue
				}
				if tick := time.Date(y, m, d, hour, minute, 0, 0, t.Location()); !tick.After(t) {
					return tick, true
				}
			}
		}
	}
	return time.Time{}, false
}

// fits says whether a date is one of the schedule's.
func (s *schedule) fits(date time.Time) bool {
	if s.month>>date.Month()&1 == 0 {
		return false
	}
	day, weekday := s.day>>date.Day()&1 == 1, s.weekday>>date.Weekday()&1 == 1
	if !s.anyDay && !s.anyWeekday {
		return day || weekday
	}
	return day && weekday
}
