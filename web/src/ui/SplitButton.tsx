import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps, IconButton } from './Button';
import { cx } from './cx';
import { Menu, type MenuEntry } from './Menu';

interface SplitButtonProps extends ButtonProps {
  look?: 'primary' | 'plain';
  /** The other things it can do. */
  entries: MenuEntry[];
  children: ReactNode;
}

/** The usual action, and a menu of its variants beside it. */
export function SplitButton({ entries, look = 'plain', className, ...props }: SplitButtonProps) {
  const { t } = useTranslation();
  return (
    <span className="inline-flex">
      <Button look={look} {...props} className={cx('rounded-r-none', className)} />
      <Menu entries={entries}>
        <IconButton
          label={t('action.more')}
          look={look}
          isDisabled={props.isDisabled}
          className={cx(
            '!w-7 rounded-l-none',
            look === 'primary' ? 'border-l border-l-on-accent/35' : '-ml-px',
          )}
        >
          <ChevronDown size={14} aria-hidden="true" />
        </IconButton>
      </Menu>
    </span>
  );
}
