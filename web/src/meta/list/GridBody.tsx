// The place of a list's lines. React knows this one element; what is in it is drawn
// by rowPool, which also says which lines are on show.
import { type Ref, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { cx } from '@/ui/cx';
import { type PoolProps, type RowPool, rowPool } from './rowPool';

export type BodyHandle = Pick<RowPool, 'reveal'>;

interface GridBodyProps extends PoolProps {
  handle: Ref<BodyHandle>;
  isStale: boolean;
}

export function GridBody({ handle, isStale, ...props }: GridBodyProps) {
  const body = useRef<HTMLDivElement>(null);
  const pool = useRef<RowPool>(null);
  useLayoutEffect(() => {
    // Found in the page: a ref of an element around this one is not there yet when this runs.
    const box = body.current?.closest<HTMLElement>('section');
    if (!body.current || !box) return;
    const made = rowPool(body.current, box);
    pool.current = made;
    return () => made.end();
  }, []);
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
