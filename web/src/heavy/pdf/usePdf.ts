import { useEffect, useState } from 'react';
import { type Failure, failureOf, openPdf, type PDFDocumentProxy } from './open';
import type { Size } from './scale';

export type Opening =
  | { state: 'waiting'; loaded: number; total: number }
  | { state: 'failed'; why: Failure }
  | { state: 'open'; file: PDFDocumentProxy; first: Size };

/** A PDF file being read; it is let go of when the page that shows it goes. */
export function usePdf(from: string | Uint8Array): Opening {
  const [opening, setOpening] = useState<Opening>({ state: 'waiting', loaded: 0, total: 0 });
  useEffect(() => {
    let isGone = false;
    setOpening({ state: 'waiting', loaded: 0, total: 0 });
    const { opened, close } = openPdf(from, (loaded, total) => {
      if (!isGone) setOpening((now) => (now.state === 'waiting' ? { ...now, loaded, total } : now));
    });
    opened
      .then(async (file) => {
        const { width, height } = (await file.getPage(1)).getViewport({ scale: 1 });
        if (!isGone) setOpening({ state: 'open', file, first: { width, height } });
      })
      .catch((error) => {
        if (!isGone) setOpening({ state: 'failed', why: failureOf(error) });
      });
    return () => {
      isGone = true;
      close();
    };
  }, [from]);
  return opening;
}
