// Tells public/boot.js what the page needs beside the files that index.html names:
// the texts of each language, by the names that the build gave them. Else they would
// be asked for when the page has run.
import type { Plugin } from 'vite';

export function early(): Plugin {
  return {
    name: 'early',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        if (!bundle) return;
        const chunks = Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? one : []));
        const textsOf = (language: string) => {
          const chunk = chunks.find((one) => one.facadeModuleId?.endsWith(`/lib/i18n/${language}.json`));
          if (!chunk) throw new Error(`early: ${language} is no chunk of its own any more`);
          return `/${chunk.fileName}`;
        };
        const files = { 'zh-CN': textsOf('zh-CN'), en: textsOf('en') };
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
