import { initials } from '@/lib/initials';
import { cx } from './cx';

interface AvatarProps {
  name: string;
  /** The address of a picture; else the name's own letters stand there. */
  src?: string | null;
  /** Pixels. */
  size?: 20 | 24 | 32 | 40 | 64;
  /** A department or a company: a square. */
  isGroup?: boolean;
  className?: string;
}

const letters = { 20: 'text-[10px]', 24: 'text-[11px]', 32: 'text-meta', 40: 'text-ui', 64: 'text-hero' };
const hues = 8;

/** Somebody's picture or letters. The name itself stands beside it: this is not read out. */
export function Avatar({ name, src, size = 24, isGroup, className }: AvatarProps) {
  const shape = cx('shrink-0 overflow-hidden', isGroup ? 'rounded-[5px]' : 'rounded-full', className);
  if (src) return <img src={src} alt="" width={size} height={size} className={cx('object-cover', shape)} />;
  return (
    <span
      aria-hidden="true"
      className={cx('grid place-items-center font-medium text-white select-none', letters[size], shape)}
      style={{ width: size, height: size, background: `var(--face-${hueOf(name)})` }}
    >
      {initials(name, size >= 32 ? 2 : 1)}
    </span>
  );
}

/** The same name has the same colour everywhere. */
function hueOf(name: string): number {
  let sum = 0;
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) % 9973;
  return (sum % hues) + 1;
}
