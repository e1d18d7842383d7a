package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/query"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// board answers the records in columns by the values of a field.
func (s *Server) board(q *request) error {
	body, _, err := q.object()
	if err != nil {
		return err
	}
	var bq records.BoardQuery
	for _, m := range body {
		switch m.Key {
		case "by":
			bq.By = m.Val.Text()
		case "filter":
			bq.Where, err = query.ParseJSON(m.Val)
		case "q":
			bq.Words = m.Val.Text()
		case "sort":
			bq.Sort, err = sortSpec(m.Val)
		case "fields":
			bq.Fields, err = texts(m)
		case "measures":
			bq.Measures, err = texts(m)
		case "limit":
			bq.Limit, err = limit(m.Val.Text())
		default:
			return errs.New(errs.BadRequest, "error.parameter_unknown", "name", m.Key)
		}
		if err != nil {
			return err
		}
	}
	if q.buf, err = s.Engine.Board(q.ctx, q.actor, q.r.PathValue("entity"), bq, q.buf); err != nil {
		return err
	}
	return q.reply(http.StatusOK, q.buf)
}

func boardQueryShape(*document, *schema.Entity) *jsonSchema {
	return object(must("by", typed("string").says("A choice, switch or reference with one value")),
		may("filter", component("Filter")), may("q", typed("string").says("Words, with the filter")),
		may("sort", typed("string")), may("fields", list(typed("string"))),
		may("measures", list(typed("string")).says("sum, avg, min, max of a field: sum:amount")),
		may("limit", typed("integer").says("Cards of a column: 20, at most 50"))).closed()
}

// boardShape is the answer; the cards are records.
func boardShape(_ *document, e *schema.Entity) *jsonSchema {
	total := object(must("currency", nullable(typed("string")).says("Of records that have one")), must("values", list(&jsonSchema{}).says("In the order of the measures")))
	column := object(must("value", (&jsonSchema{}).says("A code, a reference, true or false; null for records without a value")),
		must("count", typed("integer")), must("totals", list(total)), must("items", list(component(e.Name))), must("has_more", typed("boolean")),
		must("next", nullable(typed("string")).says("A cursor of the list in the same order, with the column's value in its filter")))
	return object(must("by", typed("string")), must("measures", list(typed("string"))), must("columns", list(column)),
		must("more", typed("boolean").says("There are more columns than are shown")))
}
