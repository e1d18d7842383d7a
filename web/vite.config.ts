import { fileURLToPath } from 'node:url';
import locales from '@react-aria/optimize-locales-plugin';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { chunks } from './tools/chunks.ts';
import { early } from './tools/early.ts';
import { pdfData } from './tools/pdfData.ts';

const api = process.env.GUANXI_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  // The kit carries thirty languages; the page speaks two.
  plugins: [
    { ...locales.vite({ locales: ['zh-CN', 'en-US'] }), enforce: 'pre' },
    react(),
    tailwind(),
    pdfData(),
    early(),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', proxy: { '/api': api } },
  build: {
    // UI.md's baseline: Chrome/Edge 111, Safari 16.4, Firefox 128.
    target: ['chrome111', 'safari16.4', 'firefox128'],
    // The polyfill is an inline script, which the security policy forbids.
    modulePreload: { polyfill: false },
    // Small files as data: URLs would be fonts and scripts the policy forbids.
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: { output: { codeSplitting: chunks } },
    reportCompressedSize: false,
  },
});
