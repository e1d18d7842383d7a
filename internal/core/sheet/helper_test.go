package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// openBytes opens a file held in memory and fails the test when it cannot.
func openBytes(t *testing.T, data []byte, opt Options) (Reader, Info) {
	t.Helper()
	r, info, err := OpenAt(bytes.NewReader(data), int64(len(data)), opt)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return r, info
}

// openKey opens a file that must be refused and gives the key of the error.
func openKey(t *testing.T, data []byte, opt Options) string {
	t.Helper()
	r, _, err := OpenAt(bytes.NewReader(data), int64(len(data)), opt)
	if err == nil {
		for err == nil {
			_, err = r.Next()
		}
	}
	return keyOf(t, err)
}

func keyOf(t *testing.T, err error) string {
	t.Helper()
	e, ok := errors.AsType[*errs.Error](err)
	if !ok {
		t.Fatalf("not an error for people: %v", err)
	}
	return e.Key
}

// readAll gives all rows as texts.
func readAll(t *testing.T, r Reader) [][]string {
	t.Helper()
	var all [][]string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("line %d: %v", r.Line(), err)
		}
		all = append(all, texts(row))
	}
}

func texts(row []Cell) []string {
	out := make([]string, len(row))
	for i, c := range row {
		out[i] = c.Text
	}
	return out
}

// grid writes rows as one text: cells parted by |, rows by line breaks.
func grid(rows [][]string) string {
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = strings.Join(r, "|")
	}
	return strings.Join(lines, "\n")
}

// parts is a workbook made by hand: part name to content.
type parts map[string]string

// book is a workbook with one sheet of this sheetData and what follows it.
func book(sheet string) parts {
	const ns = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`
	const rel = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	return parts{
		"[Content_Types].xml":        `<Types/>`,
		"_rels/.rels":                `<Relationships><Relationship Id="r1" Type="` + rel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<?xml version="1.0" encoding="UTF-8"?><workbook ` + ns + `><workbookPr/><sheets><sheet name="S1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="` + rel + `/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="` + rel + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + rel + `/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet ` + ns + `><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="171" formatCode="[h]:mm"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"><alignment/></xf><xf numFmtId="22"/><xf numFmtId="21"/><xf numFmtId="10"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="47"/><xf numFmtId="49"/></cellXfs><cellStyles/></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst ` + ns + `><si><t>名称</t></si><si><r><rPr><b/></rPr><t>rich </t></r><r><t xml:space="preserve"> text</t></r><rPh sb="0" eb="1"><t>reading</t></rPh></si><si><t>a &amp; b&#10;c_x000D__x005F_x0041_</t></si><si/><si><t>00123</t></si></sst>`,
		"xl/worksheets/sheet1.xml": `<?xml version="1.0"?><worksheet ` + ns + `>` + sheet + `</worksheet>`,
	}
}

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range p {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
