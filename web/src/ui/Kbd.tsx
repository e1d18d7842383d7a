import { cx } from './cx';

const isMac = /Mac|iP(hone|ad|od)/.test(navigator.userAgent);

const signs: Record<string, string> = isMac
  ? { mod: '⌘', shift: '⇧', alt: '⌥', enter: '↵', escape: 'Esc' }
  : { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', enter: 'Enter', escape: 'Esc' };

/**
 * Keys as they stand on a keyboard: "mod+k" is ⌘K or Ctrl K, "g c" is G, then C.
 * Only for the eyes: what it belongs to names the action. Where one touches it is
 * left out, unless it is what the page is about.
 */
export function Kbd({ keys, always }: { keys: string; always?: boolean }) {
  return (
    <span
      aria-hidden="true"
      className={cx('inline-flex shrink-0 items-center gap-1', !always && 'pointer-coarse:hidden')}
    >
      {keys.split(/[ +]/).map((key) => (
        <kbd
          key={key}
          className="grid h-[18px] min-w-[18px] place-items-center rounded-[4px] border border-line bg-sunken px-1 font-sans text-meta text-ink-3"
        >
          {signs[key] ?? (key.length === 1 ? key.toUpperCase() : key)}
        </kbd>
      ))}
    </span>
  );
}
