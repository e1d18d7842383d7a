// Tells public/boot.js what the first list needs beside the entry: its chunks and
// the texts of each language, by the names that the build gave them. Else they would
// be asked for one after the other, each when the one before it has run.
import type { Plugin } from 'vite';

export function early(): Plugin {
  return {
    name: 'early',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        if (!bundle) return;
        const chunks = Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? one : []));
        const entry = chunks.find((chunk) => chunk.isEntry);
        const reached = (name: string | undefined, found = new Set<string>()): Set<string> => {
          const chunk = chunks.find((one) => one.fileName === name);
          if (!chunk || found.has(chunk.fileName)) return found;
          found.add(chunk.fileName);
          for (const other of chunk.imports) reached(other, found);
          return found;
        };
        const there = reached(entry?.fileName);
        const needed = (module: string) => {
          const chunk = chunks.find((one) => one.facadeModuleId?.endsWith(module));
          return [...reached(chunk?.fileName)].filter((file) => !there.has(file)).map((file) => `/${file}`);
        };
        const files = {
          'zh-CN': needed('/lib/i18n/zh-CN.json'),
          en: needed('/lib/i18n/en.json'),
          list: needed('/meta/list/ListPage.tsx'),
        };
        for (const [what, list] of Object.entries(files)) {
          if (list.length === 0) throw new Error(`early: ${what} is no chunk of its own any more`);
        }
        return [
          {
            tag: 'meta',
            attrs: { name: 'guanxi-early', content: JSON.stringify(files) },
            injectTo: 'head-prepend',
          },
        ];
      },
    },
  };
}
