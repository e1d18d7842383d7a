package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// postgresMark is the file in a data folder whose database is in PostgreSQL.
// Without it a start that lacks --database would find nothing, make an empty
// database and offer the first run to whoever comes first.
const postgresMark = "postgresql"

// checkFolder refuses a database that is not the folder's. Errors: Conflict
// "error.folder_postgres", "error.folder_bare", "error.folder_sqlite".
func checkFolder(o Options) error {
	marked, err := exists(filepath.Join(o.DataDir, postgresMark))
	if err != nil {
		return err
	}
	own, err := exists(filepath.Join(o.DataDir, databaseFile))
	switch {
	case err != nil:
		return err
	case o.Database == "" && marked:
		return errs.New(errs.Conflict, "error.folder_postgres", "dir", o.DataDir)
	case o.Database == "" && !own && Installed(o.DataDir): // the database is made before the folder of the files
		return errs.New(errs.Conflict, "error.folder_bare", "dir", o.DataDir)
	case o.Database != "" && own && !marked:
		return errs.New(errs.Conflict, "error.folder_sqlite", "dir", o.DataDir)
	}
	return nil
}

// markFolder notes that the folder's database is in PostgreSQL.
func markFolder(o Options) error {
	path := filepath.Join(o.DataDir, postgresMark)
	if marked, err := exists(path); err != nil || marked || o.Database == "" {
		return err
	}
	return durable.WriteFile(path, []byte("The database of this folder is in PostgreSQL: start with --database.\n"), 0o600)
}

func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
