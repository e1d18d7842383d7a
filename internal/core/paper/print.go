// Package paper puts records on paper: PDF documents drawn from print layouts
// (PLT-19) under the rights of whoever prints.
package paper

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/guanxicrm/guanxi/internal/base/clock"
	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/base/i18n"
	"github.com/guanxicrm/guanxi/internal/core/customize"
	"github.com/guanxicrm/guanxi/internal/core/paper/face"
	"github.com/guanxicrm/guanxi/internal/core/paper/pdf"
	"github.com/guanxicrm/guanxi/internal/core/records"
	"github.com/guanxicrm/guanxi/internal/model/access"
	"github.com/guanxicrm/guanxi/internal/model/entity"
	"github.com/guanxicrm/guanxi/internal/model/schema"
)

// Printer makes documents. It is safe for use by several at once.
type Printer struct {
	Engine   *records.Engine
	Settings *customize.Store
	Texts    *i18n.Bundle
	Clock    clock.Clock

	fonts    sync.Once
	faces    []*face.Face
	fontsErr error

	mu       sync.Mutex
	pictures map[string]*pdf.Image // by name and version
}

// Document is a printed document.
type Document struct {
	PDF   []byte
	Name  string // of a file, with .pdf
	Seal  bool   // it bears the company's seal
	Pages int
}

// Print puts a record on paper in one of its entity's layouts. Errors: NotFound
// (record, layout), Forbidden without the right to print, and error.print_font
// where the machine has no font.
func (p *Printer) Print(ctx context.Context, actor *access.Actor, name string, rec int64, layout string) (*Document, error) {
	ent := p.Engine.Registry.State().Entity(name)
	if ent == nil || ent.Of != nil {
		return nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
	}
	l := ent.PrintNamed(layout)
	if l == nil || l.Hidden {
		return nil, errs.New(errs.NotFound, "error.print_unknown", "layout", layout)
	}
	return p.Try(ctx, actor, name, rec, l)
}

// Try is Print in a layout that need not be kept: the preview of one that is
// being edited. Error besides: Invalid, at the member that is wrong.
func (p *Printer) Try(ctx context.Context, actor *access.Actor, name string, rec int64, layout *schema.Print) (*Document, error) {
	st := p.Engine.Registry.State()
	ent := st.Entity(name)
	if ent == nil || ent.Of != nil {
		return nil, errs.New(errs.NotFound, "error.entity_unknown", "entity", name)
	}
	faces, err := p.Faces()
	if err != nil {
		return nil, errs.New(errs.Unavailable, "error.print_font").With(err)
	}
	company, _, err := p.Settings.Company(ctx)
	if err != nil {
		return nil, err
	}
	leaf, err := p.Engine.Leaf(ctx, actor, name, rec, wanted(st, ent, layout))
	if err != nil {
		return nil, err
	}
	v := &values{st: st, root: leaf, company: &company, actor: actor, now: p.Clock.Now().In(zone(company.Zone)), texts: p.Texts, languages: languages(layout.Language)}
	v.chooseBank()
	s := newSheet(pdf.New(faces), layout, v)
	s.picture = func(which customize.Picture, version string) *pdf.Image { return p.image(ctx, which, version) }
	for i := range layout.Blocks {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.block(&layout.Blocks[i])
	}
	s.finish()
	out := &Document{Name: v.fileName(layout), Seal: s.sealed, Pages: len(s.doc.Pages())}
	out.PDF = s.doc.Bytes(pdf.Info{Title: strings.TrimSuffix(out.Name, ".pdf"), Author: company.Name, Language: v.languages[0], At: p.Clock.Now()})
	return out, nil
}

// Faces are the fonts of this machine, which are looked for once.
func (p *Printer) Faces() ([]*face.Face, error) {
	p.fonts.Do(func() { p.faces, _, p.fontsErr = face.Find() })
	return p.faces, p.fontsErr
}

// image gives a picture of the company as documents embed it, nil when there
// is none. The last version of each is kept.
func (p *Printer) image(ctx context.Context, which customize.Picture, version string) *pdf.Image {
	if version == "" {
		return nil
	}
	key := string(which) + version
	p.mu.Lock()
	im := p.pictures[key]
	p.mu.Unlock()
	if im != nil {
		return im
	}
	raw, err := p.Settings.Picture(ctx, which)
	if err == nil {
		im, err = pdf.PNG(raw)
	}
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			p.Engine.Log.Error("a picture for papers", "picture", string(which), "error", err)
		}
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pictures == nil || len(p.pictures) > 4 {
		p.pictures = map[string]*pdf.Image{}
	}
	p.pictures[key] = im
	return im
}

func zone(name string) *time.Location {
	if z, err := time.LoadLocation(name); err == nil && name != "" {
		return z
	}
	return time.UTC
}

// languages of a layout, the first one first.
func languages(language string) []string {
	switch language {
	case "en":
		return []string{"en"}
	case "both":
		return []string{"zh-CN", "en"}
	}
	return []string{"zh-CN"}
}

// wanted is what a layout needs of a record.
func wanted(st *entity.State, ent *schema.Entity, l *schema.Print) *records.Wanted {
	w := &records.Wanted{}
	if ent.Title != nil {
		w.Fields = append(w.Fields, ent.Title.Key)
	}
	if ent.Field("currency") != nil {
		w.Fields = append(w.Fields, "currency")
	}
	labels := func(x schema.Labels) {
		for _, s := range x {
			want(st, ent, w, s)
		}
	}
	labels(l.Head)
	labels(l.Foot)
	for i := range l.Blocks {
		b := &l.Blocks[i]
		labels(b.Heading)
		labels(b.Text)
		of, into := ent, w
		if b.Kind == "table" {
			g := ent.Line(b.Lines)
			if g == nil {
				continue
			}
			if w.Lines == nil {
				w.Lines = map[string]*records.Wanted{}
			}
			if w.Lines[b.Lines] == nil {
				w.Lines[b.Lines] = &records.Wanted{}
			}
			of, into = g.Entity, w.Lines[b.Lines]
		}
		for _, item := range b.Items {
			labels(item.Label)
			want(st, of, into, item.Value)
		}
	}
	return w
}

// want adds what a template needs.
func want(st *entity.State, ent *schema.Entity, w *records.Wanted, template string) {
	pieces, err := schema.PrintPieces(template)
	if err != nil {
		return // it prints nothing
	}
	for i := range pieces {
		for _, path := range pieces[i].Paths() {
			wantPath(st, ent, w, path)
		}
	}
}

func wantPath(st *entity.State, e *schema.Entity, at *records.Wanted, path []string) {
	for i, key := range path {
		f := e.Field(key)
		if f == nil {
			return
		}
		if i == len(path)-1 {
			at.Fields = append(at.Fields, key)
			if f.Set.Currency != "" {
				at.Fields = append(at.Fields, f.Set.Currency)
			}
			return
		}
		if e = st.Entity(schema.RefTarget(f)); e == nil {
			return
		}
		if at.Refs == nil {
			at.Refs = map[string]*records.Wanted{}
		}
		if at.Refs[key] == nil {
			at.Refs[key] = &records.Wanted{}
		}
		at = at.Refs[key]
	}
}
