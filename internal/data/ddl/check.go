package ddl

import (
	"fmt"
	"strings"

	"github.com/guanxicrm/guanxi/internal/model/record"
)

// Check finds mistakes in the declarations themselves: names that PostgreSQL
// would cut, doubles, keys and indexes over columns that do not exist,
// references to tables that nobody declares. They are defects of the program,
// so the error is for a developer.
func Check(tables []Table) error {
	names := make(map[string]string, len(tables)*4)
	for i := range tables {
		if err := claim(names, "table", tables[i].Name); err != nil {
			return err
		}
	}
	for i := range tables {
		t := &tables[i]
		if err := checkColumns(t, names); err != nil {
			return err
		}
		for _, ix := range t.Indexes {
			if err := claim(names, "index", ix.Name); err != nil {
				return err
			}
			if err := checkIndex(t, ix); err != nil {
				return err
			}
		}
	}
	return nil
}

// claim notes a name; tables and indexes share one space in both databases.
func claim(names map[string]string, what, name string) error {
	if err := checkName(what, name); err != nil {
		return err
	}
	if other, ok := names[name]; ok {
		return fmt.Errorf("ddl: %s %q: the name is already taken by a %s", what, name, other)
	}
	names[name] = what
	return nil
}

func checkName(what, name string) error {
	if name == "" || len(name) > maxName || strings.ContainsRune(name, 0) {
		return fmt.Errorf("ddl: %s %q: a name has 1 to %d bytes", what, name, maxName)
	}
	return nil
}

func checkColumns(t *Table, names map[string]string) error {
	seen := make(map[string]bool, len(t.Columns))
	for _, c := range t.Columns {
		if err := checkName("column", c.Name); err != nil {
			return err
		}
		if seen[c.Name] {
			return fmt.Errorf("ddl: table %q: column %q is declared twice", t.Name, c.Name)
		}
		seen[c.Name] = true
		if c.Kind != record.KindInt && c.Kind != record.KindText && c.Kind != record.KindBytes {
			return fmt.Errorf("ddl: table %q: column %q has no storage kind", t.Name, c.Name)
		}
		if c.Ref != "" && names[c.Ref] != "table" {
			return fmt.Errorf("ddl: table %q: column %q refers to the unknown table %q", t.Name, c.Name, c.Ref)
		}
	}
	if len(seen) == 0 {
		return fmt.Errorf("ddl: table %q has no columns", t.Name)
	}
	for _, k := range t.Key {
		if !seen[k] {
			return fmt.Errorf("ddl: table %q: the key names the unknown column %q", t.Name, k)
		}
	}
	return nil
}

func checkIndex(t *Table, ix Index) error {
	if len(ix.Columns) == 0 {
		return fmt.Errorf("ddl: index %q has no columns", ix.Name)
	}
	for _, c := range ix.Columns {
		name, desc := splitColumn(c)
		if t.column(name) == nil {
			return fmt.Errorf("ddl: index %q names the unknown column %q", ix.Name, name)
		}
		if name != c && !desc {
			return fmt.Errorf("ddl: index %q: write %q or %q", ix.Name, name, name+" DESC")
		}
	}
	return nil
}
