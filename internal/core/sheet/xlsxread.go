package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"math"
	"path"
	"strconv"
	"strings"

	"github.com/guanxicrm/guanxi/internal/base/errs"
)

// workbook is an opened XLSX: its parts, and what cells refer to.
type workbook struct {
	parts    map[string]*zip.File // by lower-case path without leading slash
	limits   Limits
	sheets   []sheetRef
	date1904 bool
	formats  []numFmt // by the style of a cell
	strings  sharedStrings
}

type sheetRef struct {
	name, part string
	hidden     bool
}

// surveyLimit is the size up to which a sheet is read through once before its
// rows, for its merged ranges and the number of its rows.
const surveyLimit = 32 << 20

func openXLSX(r io.ReaderAt, size int64, opt Options) (Reader, Info, error) {
	w, err := openWorkbook(r, size, opt.Limits)
	if err != nil {
		return nil, Info{}, err
	}
	info := Info{Format: XLSX, Date1904: w.date1904}
	for _, s := range w.sheets {
		info.Sheets = append(info.Sheets, s.name)
	}
	ref, err := w.choose(opt.Sheet)
	if err != nil {
		return nil, Info{}, err
	}
	info.Sheet = ref.name
	if info.Comments, err = w.countComments(ref.part); err != nil {
		return nil, Info{}, err
	}
	s := &sheetSource{book: w}
	small := w.parts[ref.part].UncompressedSize64 <= surveyLimit
	if small || opt.FillMerged {
		if s.merged, info.Rows, err = w.survey(ref.part); err != nil {
			return nil, Info{}, err
		}
		info.Merged, s.surveyed = s.merged, true
		if opt.FillMerged {
			s.fill = newMergeFill(s.merged)
		}
	}
	if err := s.open(ref.part); err != nil {
		return nil, Info{}, err
	}
	t, header, err := newTable(s, opt.HeaderRow)
	if err != nil {
		_ = s.Close()
		return nil, Info{}, err
	}
	info.Header, info.HeaderRow = header, t.headerRow
	if s.surveyed {
		info.Rows = max(0, info.Rows-t.above)
	} else {
		info.Rows = max(0, int64(s.dimension-t.headerRow))
	}
	return t, info, nil
}

func openWorkbook(r io.ReaderAt, size int64, limits Limits) (*workbook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged("zip").With(err)
	}
	w := &workbook{parts: make(map[string]*zip.File, len(z.File)), limits: limits}
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))
		if _, twice := w.parts[name]; !twice {
			w.parts[name] = f
		}
	}
	main := "xl/workbook.xml"
	if rels, err := w.relations(""); err != nil {
		return nil, err
	} else if target := rels.byType("officeDocument"); target != "" {
		main = target
	}
	if w.parts[main] == nil || strings.HasSuffix(main, ".bin") {
		return nil, w.otherArchive()
	}
	rels, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	if err := w.readMain(main, rels); err != nil {
		return nil, err
	}
	if err := w.readStyles(rels.byType("styles")); err != nil {
		return nil, err
	}
	return w, w.strings.read(w, rels.byType("sharedStrings"))
}

// otherArchive says what a zip is that is no workbook.
func (w *workbook) otherArchive() error {
	switch {
	case w.parts["xl/workbook.bin"] != nil:
		return invalid("error.sheet_xlsb")
	case w.parts["mimetype"] != nil && w.parts["content.xml"] != nil:
		return invalid("error.sheet_ods")
	case w.parts["[content_types].xml"] != nil:
		return invalid("error.sheet_not_table")
	}
	return invalid("error.sheet_zip")
}

// part opens one part for scanning. A part that would unpack to far more than
// its packed size, or than the limit, is refused before it is read.
func (w *workbook) part(name string) (*xmlScanner, *counted, io.Closer, error) {
	f := w.parts[name]
	if f == nil {
		return nil, nil, nil, damaged(name)
	}
	if f.Flags&1 != 0 {
		return nil, nil, nil, invalid("error.xlsx_password")
	}
	size := f.UncompressedSize64
	if size > uint64(w.limits.Part) {
		return nil, nil, nil, tooLarge(w.limits.Part)
	}
	if size > 64<<20 && size/300 > f.CompressedSize64 {
		return nil, nil, nil, errs.New(errs.TooLarge, "error.xlsx_bomb")
	}
	rc, err := f.Open()
	if err != nil {
		return nil, nil, nil, damaged(name).With(err)
	}
	c := &counted{r: zipPart{rc}}
	x, err := newXMLScanner(io.LimitReader(c, int64(size)+1), w.limits.Row)
	if err != nil {
		_ = rc.Close()
		return nil, nil, nil, err
	}
	return x, c, rc, nil
}

// zipPart turns the errors of unpacking into words for people.
type zipPart struct{ r io.Reader }

func (z zipPart) Read(p []byte) (int, error) {
	n, err := z.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = damaged("zip").With(err)
	}
	return n, err
}

// each calls do at every start tag of a small part; the part may be missing.
func (w *workbook) each(name string, do func(x *xmlScanner) error) error {
	if name == "" || w.parts[name] == nil {
		return nil
	}
	x, _, c, err := w.part(name)
	if err != nil {
		return err
	}
	defer c.Close()
	for {
		kind, err := x.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind == xmlStart {
			if err := do(x); err != nil {
				return err
			}
		}
	}
}

// relation is an entry of a .rels part.
type relation struct{ id, kind, target string }

type relations []relation

// relations reads the relations of a part; "" are those of the package.
func (w *workbook) relations(part string) (relations, error) {
	dir, file := path.Split(part)
	var list relations
	err := w.each(dir+"_rels/"+file+".rels", func(x *xmlScanner) error {
		if string(x.name) != "Relationship" || x.attrText("TargetMode") == "External" {
			return nil
		}
		target := strings.ReplaceAll(x.attrText("Target"), `\`, "/")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		kind := x.attrText("Type")
		list = append(list, relation{
			id:     x.attrText("Id"),
			kind:   kind[strings.LastIndexByte(kind, '/')+1:],
			target: strings.ToLower(strings.TrimPrefix(path.Clean(target), "/")),
		})
		return nil
	})
	return list, err
}

func (r relations) byType(kind string) string {
	for _, x := range r {
		if x.kind == kind {
			return x.target
		}
	}
	return ""
}

// readMain reads the sheets and the date system.
func (w *workbook) readMain(name string, rels relations) error {
	return w.each(name, func(x *xmlScanner) error {
		switch string(x.name) {
		case "workbookPr":
			v := x.attrText("date1904")
			w.date1904 = v == "1" || v == "true" || v == "on"
		case "sheet":
			id := x.attrText("id")
			for _, r := range rels {
				if r.id == id && r.kind == "worksheet" && w.parts[r.target] != nil {
					state := x.attrText("state")
					w.sheets = append(w.sheets, sheetRef{name: x.attrText("name"), part: r.target, hidden: state == "hidden" || state == "veryHidden"})
				}
			}
		}
		return nil
	})
}

// readStyles reads which style has which number format.
func (w *workbook) readStyles(name string) error {
	custom := map[int]numFmt{}
	inCells := 0
	return w.each(name, func(x *xmlScanner) error {
		switch string(x.name) {
		case "numFmt":
			if id, err := strconv.Atoi(x.attrText("numFmtId")); err == nil {
				custom[id] = customFmt(x.attrText("formatCode"))
			}
		case "cellXfs":
			inCells = len(x.open)
		case "xf":
			if inCells == 0 || len(x.open) != inCells+1 {
				return nil
			}
			id, _ := strconv.Atoi(x.attrText("numFmtId"))
			f, ok := custom[id]
			if !ok {
				f = builtinFmt(id)
			}
			w.formats = append(w.formats, f)
		default:
			if len(x.open) <= inCells {
				inCells = 0
			}
		}
		return nil
	})
}

// choose finds the sheet by its name, or the first one that people see.
func (w *workbook) choose(name string) (sheetRef, error) {
	if len(w.sheets) == 0 {
		return sheetRef{}, invalid("error.sheet_empty")
	}
	if name == "" {
		for _, s := range w.sheets {
			if !s.hidden {
				return s, nil
			}
		}
		return w.sheets[0], nil
	}
	names := make([]string, len(w.sheets))
	for i, s := range w.sheets {
		if s.name == name {
			return s, nil
		}
		names[i] = s.name
	}
	for _, s := range w.sheets {
		if MatchHeader(s.name) == MatchHeader(name) {
			return s, nil
		}
	}
	return sheetRef{}, invalid("error.sheet_name", "sheet", name, "sheets", strings.Join(names, ", "))
}

func (w *workbook) countComments(part string) (int, error) {
	rels, err := w.relations(part)
	if err != nil {
		return 0, err
	}
	n := 0
	return n, w.each(rels.byType("comments"), func(x *xmlScanner) error {
		if string(x.name) == "comment" {
			n++
		}
		return nil
	})
}

// survey reads a sheet through for its merged ranges and its rows with content.
func (w *workbook) survey(part string) (merged []Range, rows int64, err error) {
	filled := true
	err = w.each(part, func(x *xmlScanner) error {
		switch depth := len(x.open); {
		case depth == 3 && string(x.name) == "row":
			filled = false
		case depth >= 5 && !filled && (string(x.name) == "v" || string(x.name) == "t"):
			filled = true
			rows++
		case depth == 3 && string(x.name) == "mergeCell":
			r, ok := parseRange(x.attrText("ref"))
			if !ok || len(merged) >= maxRows {
				return damaged("mergeCell")
			}
			merged = append(merged, r)
		}
		return nil
	})
	return merged, rows, err
}

// sharedStrings holds all texts one after the other.
type sharedStrings struct {
	all  string
	ends []uint32
}

func (s *sharedStrings) get(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	start := uint32(0)
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.all[start:s.ends[i]], true
}

func (s *sharedStrings) read(w *workbook, name string) error {
	if name == "" || w.parts[name] == nil {
		return nil
	}
	x, _, c, err := w.part(name)
	if err != nil {
		return err
	}
	defer c.Close()
	limit := min(w.limits.Strings, math.MaxUint32)
	var all strings.Builder
	all.Grow(int(min(w.parts[name].UncompressedSize64, uint64(limit))))
	var item []byte
	for {
		kind, err := x.next()
		if errors.Is(err, io.EOF) {
			s.all = all.String()
			return nil
		}
		if err != nil {
			return err
		}
		if kind != xmlStart || string(x.name) != "si" {
			continue
		}
		if item, err = appendRich(item[:0], x); err != nil {
			return err
		}
		if int64(all.Len()+len(item)+4*len(s.ends)) > limit {
			return tooLarge(limit)
		}
		all.Write(item)
		s.ends = append(s.ends, uint32(all.Len()))
	}
}

// appendRich appends the text of an si or is element: its t and those of its
// runs; readings (rPh) are left out.
func appendRich(b []byte, x *xmlScanner) ([]byte, error) {
	depth, inText, start := len(x.open), false, 0
	for {
		kind, err := x.next()
		if err != nil {
			return b, err
		}
		switch kind {
		case xmlStart:
			switch string(x.name) {
			case "rPh":
				if err := x.skip(); err != nil {
					return b, err
				}
			case "t":
				inText, start = true, len(b)
			}
		case xmlText:
			if inText {
				if b, err = x.appendText(b); err != nil {
					return b, err
				}
			}
		case xmlEnd:
			if len(x.open) < depth {
				return b, nil
			}
			if inText && string(x.name) == "t" {
				inText = false
				b = unescape(b, start)
			}
		}
	}
}

// unescape resolves _x000D_ and its like in b[start:] (ECMA-376 part 1,
// 22.9.2.19: ST_Xstring).
func unescape(b []byte, start int) []byte {
	if !bytes.Contains(b[start:], []byte("_x")) {
		return b
	}
	in := string(b[start:])
	b = b[:start]
	for i := 0; i < len(in); {
		if c, ok := escaped(in[i:]); ok {
			b = append(b, string(c)...)
			i += escapeLength
			continue
		}
		b = append(b, in[i])
		i++
	}
	return b
}

const escapeLength = len("_x0000_")

// escaped says whether s begins with an escape and which character it means.
func escaped(s string) (rune, bool) {
	if len(s) < escapeLength || s[0] != '_' || s[1] != 'x' || s[6] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	if err != nil || n >= 0xd800 && n <= 0xdfff {
		return 0, false
	}
	return rune(n), true
}
