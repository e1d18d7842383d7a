// The one door to pdf.js. Its older build runs in every browser of the baseline.
// Nothing in a file is run: no scripts, no forms of its own, no code made from text.
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import worker from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url';

declare const __PDF_DATA__: string;

export type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
export { TextLayer } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** Why a file cannot be shown: it wants a password, it is no whole PDF, or it did not arrive. */
export type Failure = 'locked' | 'broken' | 'unreached';

/** Starts reading a file, by its address or its bytes; close() stops and frees everything. */
export function openPdf(from: string | Uint8Array, onPart: (loaded: number, total: number) => void) {
  GlobalWorkerOptions.workerSrc = worker;
  const data = new URL(`${import.meta.env.BASE_URL}${__PDF_DATA__}`, document.baseURI).href;
  const task = getDocument({
    // Bytes are given away to the worker: the caller keeps his own.
    ...(typeof from === 'string' ? { url: from } : { data: from.slice() }),
    cMapUrl: `${data}cmaps/`,
    cMapPacked: true,
    standardFontDataUrl: `${data}standard_fonts/`,
    wasmUrl: `${data}wasm/`,
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
    // Every piece asked for apart would be a download of its own in the audit log.
    disableRange: true,
    verbosity: 0,
  });
  task.onProgress = ({ loaded, total }: { loaded: number; total: number }) => onPart(loaded, total);
  return { opened: task.promise as Promise<PDFDocumentProxy>, close: () => void task.destroy() };
}

export function failureOf(error: unknown): Failure {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException') return 'locked';
  return name === 'ResponseException' || name === 'AbortException' ? 'unreached' : 'broken';
}
