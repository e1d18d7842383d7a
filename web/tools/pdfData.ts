// What the viewer of PDF files fetches when a file asks for it: how Chinese,
// Japanese and Korean texts are encoded, the fonts that every viewer has, and the
// reader of JPEG 2000 that needs no WebAssembly (the security policy has none).
// They are served from our own origin, under the library's version, for ever.
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const home = fileURLToPath(new URL('../node_modules/pdfjs-dist/', import.meta.url));
const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as { version: string };
const base = `assets/pdf-${version}/`;

const wanted: [folder: string, names: RegExp][] = [
  ['cmaps', /\.bcmap$|^LICENSE/],
  ['standard_fonts', /\.(pfb|ttf)$|^LICENSE/],
  ['wasm', /nowasm_fallback\.js$|^LICENSE.*OPENJPEG/],
];

export function pdfData(): Plugin {
  return {
    name: 'pdf-data',
    config: () => ({ define: { __PDF_DATA__: JSON.stringify(base) } }),
    generateBundle() {
      for (const [folder, names] of wanted) {
        for (const name of readdirSync(join(home, folder)).filter((one) => names.test(one))) {
          const source = readFileSync(join(home, folder, name));
          this.emitFile({ type: 'asset', fileName: `${base}${folder}/${name}`, source });
        }
      }
    },
    configureServer(server) {
      server.middlewares.use(`/${base}`, (request, response, next) => {
        const path = join(home, normalize(`/${(request.url ?? '').split('?')[0]}`));
        if (!path.startsWith(home) || !existsSync(path)) return next();
        if (path.endsWith('.js')) response.setHeader('Content-Type', 'text/javascript');
        createReadStream(path).pipe(response);
      });
    },
  };
}
