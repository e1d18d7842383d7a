package app

import (
	"bytes"
	"io"
	"testing"

	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/data/jobs"
	"github.com/guanxicrm/guanxi/internal/data/secrets"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
	"github.com/guanxicrm/guanxi/internal/model/access"
)

// With one more master key everything goes on: the audit log that the older
// one wrote is still right, and files are sealed by the new one in the night.
func TestMasterKeyRotated(t *testing.T) {
	a, _ := installed(t, model{sqldb.SQLite, 0})
	ctx := t.Context()
	admin, _ := a.Dir.MemberByLogin("admin")
	actor, _ := a.Rights.Actor(admin.ID)
	blob, err := a.Files.Put(ctx, bytes.NewReader([]byte("contract")), 0)
	if err == nil {
		_, err = a.Engine.AddFile(ctx, actor, records.FileRow{Blob: blob.Name, Name: "a", Mime: "text/plain"})
	}
	if err == nil {
		_, err = a.sealer().Seal(ctx)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir, ring := a.DataDir, a.Keys
	shut(t, a)
	if err := ring.Rotate().Save(secrets.KeyPath(dir)); err != nil {
		t.Fatal(err)
	}

	a = quiet(t, Options{DataDir: dir})
	defer shut(t, a)
	if a.Keys.Len() != 2 {
		t.Fatalf("%d keys", a.Keys.Len())
	}
	a.Engine.AuditAccess(ctx, access.System("test"), "later", 0, true, "")
	if _, err := a.sealer().Seal(ctx); err != nil {
		t.Fatal(err)
	}
	if err := a.maintain(ctx, &jobs.Work{}); err != nil {
		t.Fatal(err)
	}
	if n, err := a.Files.Rewrap(ctx); n != 0 || err != nil {
		t.Errorf("the night left %d files to wrap, %v", n, err)
	}
	c, err := a.Files.Open(ctx, blob.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if got, err := io.ReadAll(c); err != nil || string(got) != "contract" {
		t.Errorf("%q, %v", got, err)
	}
	for _, f := range examine(t, a).Findings {
		if f.Wrong {
			t.Errorf("%+v", f)
		}
	}
}
