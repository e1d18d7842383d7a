package api

import (
	"net/http"

	"github.com/guanxicrm/guanxi/internal/base/region"
)

// regionOut is a place and what lies in it.
type regionOut struct {
	Code     string      `json:"code"`
	Name     string      `json:"name"`
	Children []regionOut `json:"children,omitempty"`
}

// regions answers the tree of provinces, cities and counties; it changes only with the program.
func (s *Server) regions(q *request) error {
	q.w.Header().Set("Cache-Control", "private, max-age=86400")
	if q.unchanged("r" + s.Version) {
		return nil
	}
	body, err := s.regionTree()
	if err != nil {
		return err
	}
	return q.replyPacked(http.StatusOK, body)
}

func regionsUnder(code string) []regionOut {
	var out []regionOut
	for _, r := range region.All() {
		if len(r.Code) == len(code)+2 && r.Code[:len(code)] == code {
			out = append(out, regionOut{Code: r.Code, Name: r.Name, Children: regionsUnder(r.Code)})
		}
	}
	return out
}
