import type { ReactNode, Ref } from 'react';
import { cx } from './cx';

interface ScrollAreaProps {
  /** What is scrolled, read out when the keyboard reaches it. */
  label: string;
  className?: string;
  boxRef?: Ref<HTMLElement>;
  children: ReactNode;
}

/** A part of the page that scrolls by itself and can be reached by the keyboard. */
export function ScrollArea({ label, className, boxRef, children }: ScrollAreaProps) {
  return (
    <section
      ref={boxRef}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1: what scrolls must be reachable without a mouse
      tabIndex={0}
      // Positioned, or words for screen readers beyond its edge would widen the page.
      className={cx('relative min-h-0 overflow-auto focus-visible:outline-offset-[-2px]', className)}
    >
      {children}
    </section>
  );
}
