// Small PDF files of our own: Chinese text in a font that is not in the file, so
// that its encoding and its letters are ours to bring; links; scripts that must
// never run; a lock.

const hex = (text) =>
  [...text]
    .map((c) => (c.codePointAt(0) ?? 0).toString(16).padStart(4, '0'))
    .join('')
    .toUpperCase();

/** pages: lines of text each. Every page has links; isLocked: wants a password. */
export function pdf(pages, { isLocked = false } = {}) {
  const objects = [];
  const add = (body) => objects.push(body);
  const kids = pages.map((_, i) => `${6 + i * 2} 0 R`).join(' ');
  add('<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\("ran"\\)) >> >>');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add(
    '<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>',
  );
  add(
    '<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000' +
      ' /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /FontDescriptor 5 0 R >>',
  );
  add(
    '<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]' +
      ' /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>',
  );
  pages.forEach((lines, i) => {
    const last = `${6 + (pages.length - 1) * 2} 0 R`;
    const links = [
      '<< /Subtype /Link /Rect [60 700 300 720] /A << /S /URI /URI (https://www.example.com/terms) >> >>',
      `<< /Subtype /Link /Rect [60 660 300 680] /Dest [${last} /Fit] >>`,
      '<< /Subtype /Link /Rect [60 620 300 640] /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>',
      '<< /Subtype /Link /Rect [60 580 300 600] /A << /S /Launch /F (calc.exe) >> >>',
    ].map((link) => link.replace('/Subtype', '/Type /Annot /Border [0 0 0] /Subtype'));
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${7 + i * 2} 0 R` +
        ` /Resources << /Font << /F1 3 0 R >> >> /Annots [${links.join(' ')}] >>`,
    );
    const shown = lines.map((line) => `<${hex(line)}> Tj T*`).join(' ');
    const stream = `BT /F1 20 Tf 36 TL 60 760 Td ${shown} ET`;
    add(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
  });
  if (isLocked) {
    const key = 'A5'.repeat(32);
    add(`<< /Filter /Standard /V 1 /R 2 /P -44 /O <${key}> /U <${key}> >>`);
  }
  let text = '%PDF-1.4\n';
  const at = objects.map((body, i) => {
    const start = text.length;
    text += `${i + 1} 0 obj\n${body}\nendobj\n`;
    return start;
  });
  const table = text.length;
  const rows = at.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const lock = isLocked ? ` /Encrypt ${objects.length} 0 R /ID [<00> <00>]` : '';
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`;
  text += `trailer << /Size ${objects.length + 1} /Root 1 0 R${lock} >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
