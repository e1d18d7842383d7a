import type { ReactNode } from 'react';
import { Button as KitButton, type ButtonProps as KitProps } from 'react-aria-components';
import { cx } from './cx';
import { tip } from './tip';

type Look = 'primary' | 'plain' | 'quiet' | 'danger' | 'delete';

const looks: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hovered:bg-accent-hover font-medium',
  plain: 'border border-line-strong bg-panel text-ink hovered:bg-hover pressed:bg-pressed',
  quiet: 'text-ink-2 hovered:bg-hover hovered:text-ink pressed:bg-pressed',
  danger: 'border border-danger/35 bg-danger-wash text-danger font-medium hovered:border-danger',
  // The answer to a question: as weighty as the main button of other dialogs.
  delete: 'bg-danger-fill text-white font-medium hovered:bg-danger-fill-hover',
};

const shape =
  'inline-flex h-(--control) shrink-0 items-center justify-center gap-1.5 rounded-sm whitespace-nowrap select-none ' +
  'transition-colors duration-100 off:opacity-50 [&>svg]:shrink-0';

export interface ButtonProps extends Omit<KitProps, 'className' | 'children'> {
  look?: Look;
  className?: string;
  children: ReactNode;
}

export function Button({ look = 'plain', className, ...props }: ButtonProps) {
  return <KitButton {...props} className={cx(shape, 'px-3', looks[look], className)} />;
}

interface IconButtonProps extends ButtonProps {
  label: string;
  /** The key that does the same; stands in the tip. */
  keys?: string;
}

/** A button of one icon; its name is read out and shown as a tip. */
export function IconButton({ label, keys, look = 'quiet', className, ...props }: IconButtonProps) {
  return (
    <KitButton
      {...props}
      {...tip(label, keys)}
      aria-label={label}
      className={cx(shape, 'w-(--control)', looks[look], className)}
    />
  );
}

/** The look of a button for a link. */
export function buttonClass(look: Look = 'plain', className?: string) {
  return cx(
    shape,
    'px-3',
    looks[look].replaceAll('hovered:', 'hover:').replaceAll('pressed:', 'active:'),
    className,
  );
}
