package outbox_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// The oldest transaction of the whole PostgreSQL server decides how far readers
// may look, so these tests share theirs with nobody.
func TestMain(m *testing.M) {
	if err := os.Unsetenv(pg.Variable); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
