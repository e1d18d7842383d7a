import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageHeadProps {
  title: string;
  icon?: ReactNode;
  /** Where the arrow before the title leads. */
  back?: string;
  /** Small words after the title. */
  note?: ReactNode;
  children?: ReactNode;
}

/** The bar at the head of every page: 48 px, the name left, what can be done right. */
export function PageHead({ title, icon, back, note, children }: PageHeadProps) {
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
      <h1 className="min-w-0 truncate text-[14px]/[20px] font-semibold">{title}</h1>
      {note}
      <div className="ml-auto flex shrink-0 items-center gap-1.5 pl-2">{children}</div>
    </header>
  );
}
