// How the gallery lays out what it shows.
import type { ReactNode } from 'react';

/** One state of a component, with its name. hover and focus are also brought about. */
export function State({ name, children, wide }: { name: string; children: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? 'col-span-full min-w-0' : 'min-w-0'}>
      <p className="mb-1 text-meta text-ink-3">{name}</p>
      <div data-state={name}>{children}</div>
    </div>
  );
}

/** States side by side. */
export function Row({ children, width = 200 }: { children: ReactNode; width?: number }) {
  return (
    <div
      className="mb-5 grid items-start gap-x-6 gap-y-4"
      style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${width}px, 1fr))` }}
    >
      {children}
    </div>
  );
}

export const long = '中国（上海）自由贸易试验区临港新片区智能装备制造产业联合发展股份有限公司 Long Name Ltd.';
