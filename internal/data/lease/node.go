package lease

import (
	"context"
	"errors"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/data/ddl"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Node is a leased node number, the part of every id that keeps two processes
// from making the same one. Ids are unique while every holder of a number
// makes them only above what earlier holders can have used: NotBefore.
type Node struct {
	holder    Holder
	number    int
	notBefore int64
	until     int64
}

var (
	nodesSQL    = ddl.Both(`SELECT id, until, high FROM node ORDER BY id`)
	takeNodeSQL = ddl.Both(`INSERT INTO node (id, holder, until, high) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, until = excluded.until, high = excluded.high`)
	renewNodeSQL = ddl.Both(`UPDATE node SET until = $3, high = CASE WHEN high > $4 THEN high ELSE $4 END
		WHERE id = $1 AND holder = $2 AND until = $5`)
	releaseNodeSQL = ddl.Both(`UPDATE node SET until = 0, high = $3 WHERE id = $1 AND holder = $2 AND until = $4`)
)

// TakeNode leases a node number. It prefers a number whose ids all lie in the
// past, so that a clock that once ran ahead does not push new ids ahead too;
// then one never used; then the one least far ahead. With every number leased
// it is Unavailable "error.nodes_all_taken".
func TakeNode(ctx context.Context, h Holder) (*Node, error) {
	var n *Node
	err := h.DB.Write(ctx, func(tx sqldb.Tx) error {
		if err := tx.Guard(ctx, "node"); err != nil {
			return err
		}
		var rows sqldb.Rows
		rows.Reset(3)
		if err := tx.Query(ctx, nodesSQL.For(tx.Dialect()), nil, []record.Kind{record.KindInt, record.KindInt, record.KindInt}, &rows); err != nil {
			return err
		}
		now := id.Millis(h.Clock.Now())
		number, high, ok := pickNode(&rows, now)
		if !ok {
			return errs.New(errs.Unavailable, "error.nodes_all_taken")
		}
		// Until the next renewal ids may reach the end of the lease: a crash
		// before it must leave that as the mark.
		ttl := h.ttl().Milliseconds()
		n = &Node{holder: h, number: number, notBefore: high, until: now + ttl}
		_, err := tx.Exec(ctx, takeNodeSQL.For(tx.Dialect()), record.Int(int64(number)), record.Text(h.Name),
			record.Int(n.until), record.Int(max(now, high)+ttl))
		return err
	})
	return n, err
}

// pickNode chooses among the rows (id, until, high), which are sorted by id.
func pickNode(rows *sqldb.Rows, now int64) (number int, high int64, ok bool) {
	free, behind := -1, -1
	unused, expect := -1, int64(0)
	for i := range rows.Len() {
		r := rows.Row(i)
		if unused < 0 && r[0].Int() != expect {
			unused = int(expect)
		}
		expect = r[0].Int() + 1
		if r[1].Int() > now {
			continue
		}
		if behind < 0 && r[2].Int() < now {
			behind = i
		}
		if free < 0 || r[2].Int() < rows.At(free, 2).Int() {
			free = i
		}
	}
	if unused < 0 && expect <= id.MaxNode {
		unused = int(expect)
	}
	switch {
	case behind >= 0:
		return int(rows.At(behind, 0).Int()), rows.At(behind, 2).Int(), true
	case unused >= 0:
		return unused, 0, true
	case free >= 0:
		return int(rows.At(free, 0).Int()), rows.At(free, 2).Int(), true
	}
	return 0, 0, false
}

// Number is the node number.
func (n *Node) Number() int { return n.number }

// NotBefore is the highest millisecond since 2020 that earlier holders of the
// number can have used: what id.NewGenerator takes.
func (n *Node) NotBefore() int64 { return n.notBefore }

// Renew extends the lease beyond high, the last millisecond that ids were made
// in. ErrLost when another process took the number: no id may be made with it
// any more.
func (n *Node) Renew(ctx context.Context, high int64) error {
	now, ttl := id.Millis(n.holder.Clock.Now()), n.holder.ttl().Milliseconds()
	until := now + ttl
	err := n.holder.DB.Write(ctx, func(tx sqldb.Tx) error {
		changed, err := tx.Exec(ctx, renewNodeSQL.For(tx.Dialect()), record.Int(int64(n.number)), record.Text(n.holder.Name),
			record.Int(until), record.Int(max(now, high)+ttl), record.Int(n.until))
		if err == nil && changed == 0 {
			err = ErrLost
		}
		return err
	})
	if err == nil {
		n.until = until
	}
	return err
}

// Release ends the lease and leaves high as the mark for the next holder. No
// id may be made with the number afterwards.
func (n *Node) Release(ctx context.Context, high int64) error {
	return n.holder.DB.Write(ctx, func(tx sqldb.Tx) error {
		_, err := tx.Exec(ctx, releaseNodeSQL.For(tx.Dialect()), record.Int(int64(n.number)), record.Text(n.holder.Name),
			record.Int(max(high, n.notBefore)), record.Int(n.until))
		return err
	})
}

// Run renews the lease until ctx ends, then releases it. It returns early with
// ErrLost, or with the database's error once the lease has run out: the
// program must stop making ids then. high is id.Generator.High.
func (n *Node) Run(ctx context.Context, high func() int64) error {
	for {
		select {
		case <-ctx.Done():
			return n.Release(context.WithoutCancel(ctx), high())
		case <-n.holder.Clock.After(n.interval()):
		}
		err := n.Renew(ctx, high())
		expired := id.Millis(n.holder.Clock.Now()) >= n.until
		if err != nil && ctx.Err() == nil && (expired || errors.Is(err, ErrLost)) {
			return err
		}
	}
}

func (n *Node) interval() time.Duration { return n.holder.ttl() / 3 }
