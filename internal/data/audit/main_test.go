package audit_test

import (
	"testing"

	"github.com/guanxicrm/guanxi/internal/testkit/pg"
)

// The oldest transaction of the whole PostgreSQL server decides how far readers
// may look, so these tests share theirs with nobody.
func TestMain(m *testing.M) { pg.Alone(m) }
