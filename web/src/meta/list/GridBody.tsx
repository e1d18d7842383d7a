// The place of a list's lines. React knows this one element; what is in it is drawn
// by rowPool, which also says which lines are on show.
import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { cx } from '@/ui/cx';
import { type PoolProps, type RowPool, rowPool } from './rowPool';

export type BodyHandle = Pick<RowPool, 'reveal'>;

interface GridBodyProps extends PoolProps {
  handle: Ref<BodyHandle>;
  scroller: { readonly current: HTMLElement | null };
  isStale: boolean;
}

export function GridBody({ handle, scroller, isStale, ...props }: GridBodyProps) {
  const body = useRef<HTMLDivElement>(null);
  const pool = useRef<RowPool>(null);
  useLayoutEffect(() => {
    if (!body.current || !scroller.current) return;
    const made = rowPool(body.current, scroller.current);
    pool.current = made;
    return () => made.end();
  }, [scroller]);
  useLayoutEffect(() => pool.current?.show(props));
  useImperativeHandle(handle, () => ({ reveal: (index) => pool.current?.reveal(index) }), []);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table would make every frame a table's layout
    <div
      ref={body}
      role="rowgroup"
      className={cx('relative', isStale && 'opacity-60')}
      style={{ height: props.lines.count * props.rowHeight }}
    />
  );
}
