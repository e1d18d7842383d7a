// Reads PNG pictures as a browser writes them (8 bits a channel, not interlaced)
// and tells how far two of them are apart.
import { inflateSync } from 'node:zlib';

/** { width, height, pixels } with four bytes a pixel. */
export function decode(png) {
  let width = 0;
  let height = 0;
  let channels = 4;
  const parts = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const data = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = data.readUInt32BE(0);
      height = data.readUInt32BE(4);
      const [depth, color, , , interlaced] = data.subarray(8);
      if (depth !== 8 || interlaced || (color !== 2 && color !== 6))
        throw new Error('not a picture of a browser');
      channels = color === 6 ? 4 : 3;
    } else if (type === 'IDAT') parts.push(data);
    at += length + 12;
  }
  return { width, height, pixels: unfilter(inflateSync(Buffer.concat(parts)), width, height, channels) };
}

/** Undoes the filter of every line (RFC 2083, 6) and fills in opaque alpha. */
function unfilter(raw, width, height, channels) {
  const stride = width * channels;
  const lines = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const left = x < channels ? 0 : lines[y * stride + x - channels];
      const up = y === 0 ? 0 : lines[(y - 1) * stride + x];
      const corner = x < channels || y === 0 ? 0 : lines[(y - 1) * stride + x - channels];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      lines[y * stride + x] = raw[y * (stride + 1) + 1 + x] + guess;
    }
  }
  if (channels === 4) return lines;
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (let i = 0; i < width * height; i++) lines.copy(pixels, i * 4, i * 3, i * 3 + 3);
  return pixels;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** The part of pixels (0 to 1) that differ by more than the tolerance (of 255) in a channel. */
export function difference(one, other, tolerance) {
  if (one.width !== other.width || one.height !== other.height) return 1;
  let differing = 0;
  for (let i = 0; i < one.pixels.length; i += 4) {
    for (let c = 0; c < 4; c++) {
      if (Math.abs(one.pixels[i + c] - other.pixels[i + c]) > tolerance) {
        differing++;
        break;
      }
    }
  }
  return differing / (one.pixels.length / 4);
}
