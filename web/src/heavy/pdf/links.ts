// Links in a page: to another page of the file, or out of it. Out of it only by
// schemes that open a page, a mail or a call; whatever else a file may ask for
// (scripts, programs, forms, other files) has no effect.
import type { PDFDocumentProxy, PDFPageProxy } from './open';

export interface PageLink {
  /** Where it lies, in percent of the page. */
  place: { left: string; top: string; width: string; height: string };
  url?: string;
  /** A page of the same file, from 1. */
  page?: number;
}

/** The address as it may be opened; undefined for any other scheme. */
export function safeUrl(url: unknown): string | undefined {
  if (typeof url !== 'string') return undefined;
  try {
    const read = new URL(url);
    return /^(https?|mailto|tel):$/.test(read.protocol) ? read.href : undefined;
  } catch {
    return undefined;
  }
}

async function pageOf(file: PDFDocumentProxy, to: unknown): Promise<number | undefined> {
  try {
    const place = typeof to === 'string' ? await file.getDestination(to) : to;
    const target: unknown = Array.isArray(place) ? place[0] : undefined;
    if (typeof target === 'number') return target + 1;
    if (typeof target !== 'object' || target === null) return undefined;
    return (await file.getPageIndex(target as Parameters<PDFDocumentProxy['getPageIndex']>[0])) + 1;
  } catch {
    return undefined;
  }
}

export async function linksOf(file: PDFDocumentProxy, page: PDFPageProxy): Promise<PageLink[]> {
  const view = page.getViewport({ scale: 1 });
  const percent = (part: number, whole: number) => `${(part / whole) * 100}%`;
  const links: PageLink[] = [];
  for (const one of await page.getAnnotations({ intent: 'display' })) {
    if (one.subtype !== 'Link') continue;
    const url = safeUrl(one.url);
    const to = url ? undefined : await pageOf(file, one.dest);
    if (!url && !to) continue;
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = view.convertToViewportRectangle(one.rect) as number[];
    links.push({
      place: {
        left: percent(Math.min(x1, x2), view.width),
        top: percent(Math.min(y1, y2), view.height),
        width: percent(Math.abs(x2 - x1), view.width),
        height: percent(Math.abs(y2 - y1), view.height),
      },
      url,
      page: to,
    });
  }
  return links;
}
