package session

import (
	"encoding/json"
	"slices"
)

// Scope narrows what a credential may do below what its member may. The zero
// Scope narrows nothing.
type Scope struct {
	ReadOnly bool     `json:"read_only,omitempty"`
	Entities []string `json:"entities,omitempty"` // nil = all
}

// Allows says whether the scope leaves room to read, or to write, an entity.
// The member's own rights decide what happens in that room.
func (s Scope) Allows(entity string, write bool) bool {
	if write && s.ReadOnly {
		return false
	}
	return s.Entities == nil || slices.Contains(s.Entities, entity)
}

// Whole says whether the scope narrows nothing: what is not about one entity
// (settings, other credentials) needs that.
func (s Scope) Whole() bool { return !s.ReadOnly && s.Entities == nil }

// within says whether s allows nothing that outer does not.
func (s Scope) within(outer Scope) bool {
	if outer.ReadOnly && !s.ReadOnly {
		return false
	}
	if outer.Entities == nil {
		return true
	}
	if s.Entities == nil {
		return false
	}
	for _, e := range s.Entities {
		if !slices.Contains(outer.Entities, e) {
			return false
		}
	}
	return true
}

// text is the stored form, "" for a scope that narrows nothing. An empty list
// of entities, which allows none, stays apart from no list.
func (s Scope) text() string {
	if s.Whole() {
		return ""
	}
	form := struct {
		ReadOnly bool      `json:"read_only,omitempty"`
		Entities *[]string `json:"entities,omitempty"`
	}{ReadOnly: s.ReadOnly}
	if s.Entities != nil {
		form.Entities = &s.Entities
	}
	b, err := json.Marshal(form)
	if err != nil {
		return `{"read_only":true,"entities":[]}` // cannot happen; allow nothing
	}
	return string(b)
}

// parseScope reads what text wrote. What cannot be read allows nothing.
func parseScope(s string) Scope {
	if s == "" {
		return Scope{}
	}
	var scope Scope
	if err := json.Unmarshal([]byte(s), &scope); err != nil {
		return Scope{ReadOnly: true, Entities: []string{}}
	}
	return scope
}
