// The gallery alone, made of the same sources and with the same tools as the product.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import product from '../vite.config.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  ...product,
  root: at('..'),
  base: './',
  publicDir: false,
  // The gallery has none of the product's places to fetch ahead.
  plugins: product.plugins?.filter((plugin) => !(plugin && 'name' in plugin && plugin.name === 'early')),
  server: { host: '127.0.0.1', open: '/gallery/index.html' },
  build: {
    ...product.build,
    manifest: false,
    emptyOutDir: true,
    rolldownOptions: { input: at('index.html') },
  },
});
