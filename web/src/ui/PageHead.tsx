import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { cx } from './cx';

interface PageHeadProps {
  /** The heading; absent where the page has one of its own. */
  title?: string;
  icon?: ReactNode;
  /** Where the arrow before the title leads. */
  back?: string;
  /** What is there, in words: leads back too, and stands before the title. */
  place?: string;
  /** Small words after the title. */
  note?: ReactNode;
  children?: ReactNode;
}

/** The bar at the head of every page: 48 px, the name left, what can be done right. */
export function PageHead({ title, icon, back, place, note, children }: PageHeadProps) {
  const { t } = useTranslation();
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line px-4 max-desk:px-3">
      {back && (
        <Link
          to={back}
          aria-label={t('action.back')}
          className="-ml-1.5 grid size-7 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <ChevronLeft size={17} aria-hidden="true" />
        </Link>
      )}
      {icon}
      {place && back && (
        <Link
          to={back}
          className={cx(
            'min-w-8 truncate rounded-sm py-1 text-[14px]/[20px] text-ink-2 hover:text-ink',
            title && 'max-desk:hidden',
          )}
        >
          {place}
        </Link>
      )}
      {place && title && (
        <span aria-hidden="true" className="text-ink-3 max-desk:hidden">
          /
        </span>
      )}
      {title && (
        <h1 data-tip-cut="" className="min-w-0 truncate text-[14px]/[20px] font-semibold">
          {title}
        </h1>
      )}
      {note}
      <div className="ml-auto flex shrink-0 items-center gap-1.5 pl-2">{children}</div>
    </header>
  );
}
