package demo

import (
	"context"
	"slices"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/rawjson"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/modules/crm/followplan"
	"github.com/guanxicrm/guanxi/internal/modules/crm/lead"
	"github.com/guanxicrm/guanxi/internal/modules/work/task"
)

// act runs an action as somebody at the page would.
func (w *Writer) act(tx *records.Session, def *entity.Def, name string, id int64, told ...rawjson.Member) error {
	i := slices.IndexFunc(def.Actions, func(a entity.Action) bool { return a.Name == name })
	a := &def.Actions[i]
	input, _, err := tx.State().DecodeInput(a, told, &w.Actor.Env)
	if err != nil {
		return err
	}
	ent, err := tx.Entity(def.Name)
	if err != nil {
		return err
	}
	_, err = tx.Act(ent, a, id, records.AnyVersion, input)
	return err
}

func told(key, text string) rawjson.Member {
	return rawjson.Member{Key: key, Val: rawjson.Value(rawjson.AppendString(nil, text))}
}

func (w *Writer) leadWent(_ context.Context, tx *records.Session, s *Scene, i int) error {
	l := &s.Leads[i]
	switch l.Action {
	case "", "contact": // a note has made it contacted
		return nil
	case "discard":
		return w.act(tx, &lead.Entity, l.Action, w.ids.leads[i], told(lead.Reason.Key(), l.Reason))
	case "convert":
		return w.act(tx, &lead.Entity, l.Action, w.ids.leads[i], rawjson.Member{Key: lead.Anyway.Key(), Val: rawjson.Value("true")})
	}
	return w.act(tx, &lead.Entity, l.Action, w.ids.leads[i])
}

func (w *Writer) planWent(_ context.Context, tx *records.Session, s *Scene, i int) error {
	if !s.Plans[i].Done {
		return nil
	}
	return w.act(tx, &followplan.Entity, "complete", w.ids.plans[i], told(followplan.Content.Key(), "已按计划完成："+s.Plans[i].Title),
		told(followplan.When.Key(), s.Plans[i].At.Add(time.Hour).UTC().Format(time.RFC3339)))
}

func (w *Writer) taskWent(_ context.Context, tx *records.Session, s *Scene, i int) error {
	if s.Tasks[i].Action == "" {
		return nil
	}
	return w.act(tx, &task.Entity, s.Tasks[i].Action, w.ids.tasks[i])
}
