package db

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Files are those of a folder, by their path in it: what a test keeps of a
// folder that is gone, to put it back as often as it likes.
type Files map[string][]byte

// Read reads a folder.
func Read(dir string) (Files, error) {
	files := Files{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[name], err = os.ReadFile(path)
		return err
	})
	return files, err
}

// Put writes the files into a folder, which only the owner may read.
func (f Files) Put(dir string) error {
	for name, content := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
	}
	return nil
}
