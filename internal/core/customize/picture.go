package customize

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"image"
	"image/color"
	_ "image/jpeg" // photos of seals are JPEG as a rule
	"image/png"
	"strconv"

	"github.com/guanxicrm/guanxi/internal/base/errs"
	"github.com/guanxicrm/guanxi/internal/data/sqldb"
)

// Picture is a picture of the company. The texts are stored.
type Picture string

// The pictures. The seal is encrypted: who has it can sign papers.
const (
	Logo Picture = "logo"
	Seal Picture = "seal"
)

// Bounds of a picture as it comes: SECURITY 11, a small file may unfold to gigabytes.
const (
	MaxPicture = 4 << 20 // bytes
	mostSide   = 6000    // pixels
	keptSide   = 800     // pixels of the longer side of what is kept
)

const sealClass = "company seal"

// SetPicture keeps a PNG or JPEG as a picture of the company in c, or takes it
// away when raw is nil, in a transaction of the caller, who saves c. What is
// kept is drawn anew: nothing of the file but its pixels survives. Errors:
// Invalid at "file".
func (s *Store) SetPicture(ctx context.Context, tx sqldb.Tx, c *Company, which Picture, raw []byte) error {
	version, value := "", ""
	if raw != nil {
		clean, err := redraw(raw)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(clean)
		version = hex.EncodeToString(sum[:8])
		if which == Seal {
			clean = s.sealer.Seal(sealClass, clean, []byte(which))
		}
		value = base64.StdEncoding.EncodeToString(clean)
	}
	if which == Seal {
		c.Seal = version
	} else {
		c.Logo = version
	}
	return s.set(ctx, tx, string(which), value)
}

// Picture gives a picture of the company as PNG. Errors: NotFound.
func (s *Store) Picture(ctx context.Context, which Picture) (raw []byte, err error) {
	var value string
	err = s.db.Read(ctx, func(q sqldb.Querier) error {
		value, err = read(ctx, q, string(which))
		return err
	})
	if err != nil {
		return nil, err
	}
	if value == "" {
		return nil, errs.New(errs.NotFound, "error.not_found")
	}
	if raw, err = base64.StdEncoding.DecodeString(value); err != nil || which != Seal {
		return raw, err
	}
	return s.sealer.Open(sealClass, raw, []byte(which))
}

// redraw gives a picture as PNG, at most keptSide wide and high.
func redraw(raw []byte) ([]byte, error) {
	refuse := func(key string, args ...string) error { return errs.New(errs.Invalid, key, args...).At("file") }
	if len(raw) > MaxPicture {
		return nil, refuse("error.picture_bytes", "most", strconv.Itoa(MaxPicture>>20))
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	switch {
	case err != nil || kind != "png" && kind != "jpeg":
		return nil, refuse("error.picture_kind")
	case head.Width > mostSide || head.Height > mostSide || head.Width < 16 || head.Height < 16:
		return nil, refuse("error.picture_size", "least", "16", "most", strconv.Itoa(mostSide))
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, refuse("error.picture_kind")
	}
	var out bytes.Buffer
	if err := png.Encode(&out, shrunk(img)); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// shrunk makes a picture at most keptSide wide and high: each pixel is the
// mean of those that it stands for.
func shrunk(img image.Image) image.Image {
	in := img.Bounds()
	w, h := in.Dx(), in.Dy()
	if long := max(w, h); long > keptSide {
		w, h = max(1, w*keptSide/long), max(1, h*keptSide/long)
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			var r, g, b, a, n uint64
			for v := in.Min.Y + y*in.Dy()/h; v < in.Min.Y+max((y+1)*in.Dy()/h, y*in.Dy()/h+1); v++ {
				for u := in.Min.X + x*in.Dx()/w; u < in.Min.X+max((x+1)*in.Dx()/w, x*in.Dx()/w+1); u++ {
					pr, pg, pb, pa := img.At(u, v).RGBA()
					r, g, b, a, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), a+uint64(pa), n+1
				}
			}
			out.Set(x, y, color.RGBA64{R: uint16(r / n), G: uint16(g / n), B: uint16(b / n), A: uint16(a / n)})
		}
	}
	return out
}
