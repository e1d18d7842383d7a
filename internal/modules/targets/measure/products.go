package measure

import (
	"context"

	"github.com/guanxicrm/guanxi/internal/base/decimal"
	"github.com/guanxicrm/guanxi/internal/base/id"
	"github.com/guanxicrm/guanxi/internal/base/money"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/record"
	"github.com/guanxicrm/guanxi/internal/model/schema"
	"github.com/guanxicrm/guanxi/internal/modules/sales/contract"
	"github.com/guanxicrm/guanxi/internal/modules/sales/order"
	"github.com/guanxicrm/guanxi/internal/modules/sales/paper"
)

// OfProducts says whether a measure is known by product: what papers with lines
// come to.
func OfProducts(code string) bool { return code == OrderAmount || code == ContractAmount }

// papers are the papers whose lines count for a measure.
func papers(code string) (*paper.Head, *paper.Item) {
	if code == ContractAmount {
		return contract.Head, contract.Item
	}
	return order.Head, order.Item
}

// lines is the entity of the lines of those papers.
func lines(code string) string {
	if code == ContractAmount {
		return contract.Entity.Lines[0].Def.Name
	}
	return order.Entity.Lines[0].Def.Name
}

// ByProduct are the figures of products in a span: of lines with their share of
// the paper's discount and with tax, at the paper's rate.
func (m Measure) ByProduct(ctx context.Context, q entity.Sums, span Span, products []int64) (map[int64]int64, error) {
	out := map[int64]int64{}
	if !OfProducts(m.Code) || len(products) == 0 {
		return out, nil
	}
	s := m.sources[0]
	head, item := papers(m.Code)
	which := &query.Node{Kind: query.Compare, Path: item.Product.Key(), Op: schema.OpIn}
	for _, n := range products {
		which.Args = append(which.Args, query.Arg{Text: id.ID(n).String()})
	}
	own := q.Here().Currency
	where := query.All(which, under(s.where), under(s.between(q.Here(), span.From(), span.To())))
	put := func(product, n int64) error {
		n, err := decimal.MulDiv(n, ofMoney, 1)
		if err == nil {
			out[product], err = decimal.Add(out[product], n)
		}
		return err
	}
	rows, _, err := q.Sum(ctx, entity.Sum{Entity: lines(m.Code), Where: query.All(where, under(entity.Is(head.Currency, own))), Group: []string{item.Product.Key()}, Of: []string{item.Total.Key()}})
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if err := put(row[0].Int(), row[1].Int()); err != nil {
			return nil, err
		}
	}
	rows, _, err = q.Sum(ctx, entity.Sum{Entity: lines(m.Code), Where: query.All(where, under(entity.Not(head.Currency, own))), Group: []string{item.Product.Key(), "parent"}, Of: []string{item.Total.Key()}})
	if err != nil || len(rows) == 0 {
		return out, err
	}
	rates, err := s.rates(ctx, q, head, rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		n, err := money.Convert(row[2].Int(), rates[row[1].Int()], own)
		if err == nil {
			err = put(row[0].Int(), n)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// rates are those of the papers in the second column of rows.
func (s *source) rates(ctx context.Context, q entity.Sums, head *paper.Head, rows [][]record.Value) (map[int64]int64, error) {
	which := &query.Node{Kind: query.Compare, Path: "id", Op: schema.OpIn}
	for _, row := range rows {
		which.Args = append(which.Args, query.Arg{Text: id.ID(row[1].Int()).String()})
	}
	list, _, err := q.Sum(ctx, entity.Sum{Entity: s.entity, Where: which, Group: []string{"id", head.Rate.Key()}})
	out := make(map[int64]int64, len(list))
	for _, row := range list {
		out[row[0].Int()] = row[1].Int()
	}
	return out, err
}

// under is a condition on papers as one on their lines.
func under(n *query.Node) *query.Node {
	if n == nil {
		return nil
	}
	c := *n
	if c.Path != "" {
		c.Path = "parent." + c.Path
	}
	c.Kids = make([]*query.Node, len(n.Kids))
	for i, kid := range n.Kids {
		c.Kids[i] = under(kid)
	}
	return &c
}
