package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
)

// Image is a picture that is ready to be embedded. It may be used by any
// number of documents and is not changed.
type Image struct {
	Width, Height int // pixels
	rgb, alpha    []byte
}

// mostPixels bounds a picture that is unfolded.
const mostPixels = 36_000_000

// PNG makes a picture of a PNG file. Errors: it is none, or too large.
func PNG(raw []byte) (*Image, error) {
	head, err := png.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if head.Width*head.Height > mostPixels {
		return nil, fmt.Errorf("a picture of %d × %d pixels", head.Width, head.Height)
	}
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	return prepare(img), nil
}

func prepare(img image.Image) *Image {
	box := img.Bounds()
	im := &Image{Width: box.Dx(), Height: box.Dy()}
	rgb, alpha := make([]byte, 0, 3*im.Width*im.Height), make([]byte, 0, im.Width*im.Height)
	solid := true
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			c, ok := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			if !ok {
				continue
			}
			rgb, alpha = append(rgb, c.R, c.G, c.B), append(alpha, c.A)
			solid = solid && c.A == 0xff
		}
	}
	if im.rgb = deflate(rgb); !solid {
		im.alpha = deflate(alpha)
	}
	return im
}

func (w *writer) image(im *Image) int {
	mask := ""
	if im.alpha != nil {
		n := w.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8", im.Width, im.Height), im.alpha)
		mask = fmt.Sprintf(" /SMask %d 0 R", n)
	}
	return w.stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8%s", im.Width, im.Height, mask), im.rgb)
}
