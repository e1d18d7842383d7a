package system

import (
	"encoding/json"
	"fmt"

	"github.com/guanxicrm/guanxi/bench/httpraw"
)

// API calls the product for set-up: one call at a time, JSON in and out.
type API struct {
	conn   httpraw.Conn
	fields string
}

// NewAPI takes a bearer key.
func NewAPI(addr, key string) *API {
	return &API{conn: httpraw.Conn{Addr: addr}, fields: bearer(addr, key)}
}

// Close ends the connection.
func (a *API) Close() { a.conn.Close() }

// Call sends in as JSON, when it is given, and reads the answer into out, when
// that is given. A status that is no success is an error.
func (a *API) Call(method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	answer, err := a.conn.Call(httpraw.Body(httpraw.Request(nil, method, "/api/v1"+path, a.fields), body))
	if err != nil {
		return err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return fmt.Errorf("%s %s: status %d: %.500s", method, path, answer.Status, answer.Body)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Body, out)
}
