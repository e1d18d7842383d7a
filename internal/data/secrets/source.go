package secrets

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/durable"
	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// Names of the places a master key may come from (DESIGN §6).
const (
	EnvMasterKey   = "GUANXI_MASTER_KEY" // the key itself, base64
	CredentialName = "guanxi-master-key" // file in $CREDENTIALS_DIRECTORY (systemd LoadCredential=)
	keyFile        = "secret/master.key" // in the data folder
)

// Origin names a place a master key comes from.
type Origin string

// The origins, in the order in which they are tried.
const (
	FromKeyFile     Origin = "key_file"
	FromEnvironment Origin = "environment"
	FromCredential  Origin = "credential"
	FromDataFolder  Origin = "data_folder"
)

// Source says where the keys came from; doctor and the health page show it.
type Source struct {
	Origin     Origin
	Path       string // of the file, "" for the environment
	BesideData bool   // lies in the data folder: who copies the folder reads everything
	Exposed    bool   // others than the owner may read the file
	Created    bool   // was made by this start
}

// Options say where to look.
type Options struct {
	DataDir        string
	KeyFile        string    // --key-file
	Env            string    // value of GUANXI_MASTER_KEY
	CredentialsDir string    // value of CREDENTIALS_DIRECTORY
	Create         bool      // make DIR/secret/master.key when no key is found: for a folder that holds no data yet
	Rand           io.Reader // crypto/rand when nil
}

// Load finds the keyring: the key file named by hand, the environment, the
// systemd credential, DIR/secret/master.key; the first that is given counts
// and a fault in it is an error, never a reason to look further. Errors:
// Unavailable "error.master_key_missing", "error.master_key_invalid".
func Load(o Options) (*Keyring, error) {
	switch {
	case o.KeyFile != "":
		return loadFile(o, FromKeyFile, o.KeyFile)
	case strings.TrimSpace(o.Env) != "":
		k, err := Parse([]byte(o.Env), o.Rand)
		if err != nil {
			return nil, invalidKey(EnvMasterKey, err)
		}
		k.source = Source{Origin: FromEnvironment}
		return k, nil
	}
	if o.CredentialsDir != "" {
		path := filepath.Join(o.CredentialsDir, CredentialName)
		if _, err := os.Stat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return loadFile(o, FromCredential, path)
		}
	}
	path := KeyPath(o.DataDir)
	if o.Create {
		if err := create(path, o.Rand); err == nil {
			k, err := loadFile(o, FromDataFolder, path)
			if err == nil {
				k.source.Created = true
			}
			return k, err
		} else if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return loadFile(o, FromDataFolder, path)
}

// KeyPath is the key file of a data folder.
func KeyPath(dataDir string) string { return filepath.Join(dataDir, filepath.FromSlash(keyFile)) }

// Save writes the keyring to a file (0600), replacing it in one step.
func (k *Keyring) Save(path string) error {
	if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return durable.WriteFile(path, k.Encode(), 0o600)
}

func create(path string, random io.Reader) error {
	if err := durable.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return durable.CreateFile(path, New(random).Encode(), 0o600)
}

func loadFile(o Options, from Origin, path string) (*Keyring, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.New(errs.Unavailable, "error.master_key_missing", "file", path).With(err)
	}
	if err != nil {
		return nil, invalidKey(path, err)
	}
	k, err := Parse(text, o.Rand)
	if err != nil {
		return nil, invalidKey(path, err)
	}
	k.source = Source{Origin: from, Path: path, BesideData: inside(o.DataDir, path)}
	if info, err := os.Stat(path); err == nil {
		k.source.Exposed = info.Mode().Perm()&0o077 != 0
	}
	return k, nil
}

func invalidKey(where string, err error) error {
	return errs.New(errs.Unavailable, "error.master_key_invalid", "source", where).With(err)
}

// inside says whether path lies under dir, links resolved.
func inside(dir, path string) bool {
	if dir == "" {
		return false
	}
	rel, err := filepath.Rel(resolve(dir), resolve(path))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

func resolve(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}
