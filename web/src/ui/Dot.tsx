import { cx } from './cx';

const colors = new Set(['gray', 'blue', 'green', 'yellow', 'orange', 'red', 'purple', 'teal', 'pink']);

/** The dot before a state's word; the word alone tells the state. */
export function Dot({ color, className }: { color?: string | null; className?: string }) {
  const known = colors.has(color ?? '') ? color : 'gray';
  return (
    <span
      aria-hidden="true"
      className={cx('size-2 shrink-0 rounded-full', className)}
      style={{ background: `var(--dot-${known})` }}
    />
  );
}
