package postgres

import (
	"context"
	"errors"
	"net/url"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// A signal reaches every process that works in the same schema, and nobody else.
func TestSignal(t *testing.T) {
	address := pg.URL(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	values := u.Query()
	values.Set("schema", "elsewhere")
	u.RawQuery = values.Encode()
	ctx, stop := context.WithCancel(t.Context())
	one, two, other := openTest(t, address, Options{}), openTest(t, address, Options{}), openTest(t, u.String(), Options{})
	heard, done := make(chan string, 100), make(chan error, 2)
	for name, db := range map[string]*DB{"two": two, "other": other} {
		ready := make(chan struct{})
		go func() {
			done <- db.Await(ctx, func(from string) {
				if from == "" {
					close(ready)
					return
				}
				heard <- name + " hears " + from
			})
		}()
		<-ready
	}
	for _, from := range []string{"a", "b"} {
		if err := one.Signal(ctx, from); err != nil {
			t.Fatal(err)
		}
		if got := <-heard; got != "two hears "+from {
			t.Errorf("%s", got)
		}
	}
	if err := other.Signal(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "other hears c" {
		t.Errorf("%s", got)
	}
	stop()
	for range 2 {
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	}
}
