package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/core/notify/mail"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/modules/sales/letter"
)

// kindPaper is the kind of jobs that mail a paper to a customer.
const kindPaper = "mail_paper"

// lettersAtOnce is how many letters one transaction takes up.
const lettersAtOnce = 50

// paperJob names the letter.
type paperJob struct {
	Letter id.ID `json:"letter"`
}

// takeLetters makes jobs of letters that members asked for, and says how many.
func (a *App) takeLetters(ctx context.Context) (n int, err error) {
	err = a.Engine.InTx(ctx, access.System("letters to customers"), func(s *records.Session) error {
		if err := s.Guard(ctx, "letters"); err != nil { // another node takes up others
			return err
		}
		list, err := s.Find(ctx, letter.Entity.Name, entity.Is(letter.Status, letter.Queued), lettersAtOnce)
		n = len(list)
		if err != nil || n == 0 {
			return err
		}
		for _, one := range list {
			raw, err := json.Marshal(paperJob{id.ID(one.ID())})
			if err != nil {
				return err
			}
			if err := s.Update(ctx, letter.Entity.Name, one.ID(), func(r *record.Record) { letter.Status.Set(r, letter.Sending) }); err != nil {
				return err
			}
			if _, err := a.Queue.Enqueue(ctx, s.Tx(), jobs.Job{Kind: kindPaper, Payload: string(raw), MaxTries: mailTries, By: id.ID(letter.Owner.Get(one))}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// runPaper prints what a letter is about, under the rights of who sends it, and
// mails it. Why it did not go is kept with the letter, try by try.
func (a *App) runPaper(ctx context.Context, w *jobs.Work) error {
	var j paperJob
	if err := json.Unmarshal([]byte(w.Payload), &j); err != nil {
		return err
	}
	r, err := a.Engine.Record(ctx, access.System("a letter to a customer"), letter.Entity.Name, int64(j.Letter))
	if errs.Is(err, errs.NotFound) || err == nil && letter.Status.Get(r) != letter.Sending {
		return nil // somebody deleted it, or it went
	}
	if err != nil {
		return err
	}
	l, err := a.paperLetter(ctx, r)
	if err == nil {
		l.ID = j.Letter.String()
		err = a.sendNow(ctx, l)
	}
	return errors.Join(err, a.keepLetter(ctx, w, r, l, err))
}

// sendNow gives a letter to the company's mail server.
func (a *App) sendNow(ctx context.Context, l mail.Letter) error {
	var m mailServer
	if err := a.DB.Read(ctx, func(q sqldb.Querier) (err error) {
		m, err = a.mailServer(ctx, q)
		return err
	}); err != nil {
		return err
	}
	if !m.On() {
		return errs.New(errs.Invalid, "error.mail_off")
	}
	return a.Mailer.Send(ctx, m.Server, m.Password, l)
}

// paperLetter is a letter with the paper as it is now.
func (a *App) paperLetter(ctx context.Context, r *record.Record) (mail.Letter, error) {
	about, owner := letter.About.Get(r), letter.Owner.Get(r)
	l := mail.Letter{To: letter.To.Get(r), Subject: letter.Subject.Get(r), Text: letter.Text.Get(r)}
	ent := a.Registry.State().Entity(about.Str())
	if ent == nil || ent.PrintNamed(letter.Layout.Get(r)) == nil {
		return l, errs.New(errs.NotFound, "error.print_unknown", "layout", letter.Layout.Get(r))
	}
	layout := ent.PrintNamed(letter.Layout.Get(r))
	c, _, err := a.Customize.Company(ctx)
	if err != nil {
		return l, err
	}
	locale := "zh-CN"
	if layout.Language == "en" {
		locale = "en"
	}
	actor, err := a.Engine.Actor(records.Who{Member: owner, Locale: locale})
	if err != nil {
		return l, err
	}
	doc, err := a.printer().Print(ctx, actor, about.Str(), about.Int(), layout.Key)
	if err != nil {
		return l, err
	}
	a.Engine.AuditAccess(ctx, actor, "mail", about.Int(), true, about.Str()+" "+layout.Key+" "+l.To)
	m, _ := a.Dir.Member(owner)
	args := map[string]string{"company": c.Name, "paper": layout.Label.In(locale), "number": letter.Number.Get(r), "sender": m.Name}
	if l.Subject == "" {
		l.Subject = a.Texts.Text(locale, "mail.paper_subject", args)
	}
	if l.Text == "" {
		l.Text = a.Texts.Text(locale, "mail.paper_text", args)
	}
	l.Files = []mail.File{{Name: doc.Name, Kind: "application/pdf", Data: doc.PDF}}
	return l, nil
}

// keepLetter writes down what became of a try.
func (a *App) keepLetter(ctx context.Context, w *jobs.Work, r *record.Record, l mail.Letter, failed error) error {
	c, _, err := a.Customize.Company(ctx)
	if err != nil {
		return err
	}
	return a.Engine.InTx(ctx, access.System("a letter to a customer"), func(s *records.Session) error {
		return s.Update(ctx, letter.Entity.Name, r.ID(), func(r *record.Record) {
			if failed == nil {
				letter.Status.Set(r, letter.Sent)
				letter.SentAt.Set(r, a.Clock.Now().UnixMicro())
				letter.Subject.Set(r, l.Subject)
				letter.Text.Set(r, l.Text)
				letter.Trouble.Clear(r)
				return
			}
			letter.Trouble.Set(r, a.words(c.Locale, failed))
			if again := []errs.Code{errs.Unavailable, errs.Internal, errs.Conflict, errs.RateLimited}; !slices.Contains(again, errs.CodeOf(failed)) || w.Tries >= mailTries {
				letter.Status.Set(r, letter.Failed)
			}
		})
	})
}

// words say an error in a language, cut to what a field holds.
func (a *App) words(locale string, err error) string {
	key, args := "error.internal", map[string]string(nil)
	if coded, ok := errors.AsType[*errs.Error](err); ok {
		key, args = coded.Key, coded.Args
	}
	text := []rune(a.Texts.Text(locale, key, args))
	return string(text[:min(len(text), 500)])
}
