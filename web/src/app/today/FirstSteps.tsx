// A new company's first steps, for who administers it: shown until they are done.
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { get } from '@/api/client';
import type { Page, Row } from '@/api/types';
import { useMeta } from '@/meta/context';
import { paths } from '@/meta/paths';
import { cx } from '@/ui/cx';

/** A step is done when there are more records than a new installation has. */
const steps = [
  { key: 'members', entity: 'org.member', more: 1, to: '/settings/members' },
  { key: 'products', entity: 'catalog.product', more: 0, to: paths.import('catalog.product') },
  { key: 'customers', entity: 'crm.customer', more: 0, to: paths.import('crm.customer') },
  { key: 'quote', entity: 'sales.quote', more: 0, to: paths.create('sales.quote') },
  { key: 'follow', entity: 'crm.follow_up', more: 0, to: paths.list('crm.customer') },
];

/** What the company's own papers say is told in the settings; it is done when they are addressed. */
const company = { key: 'company', to: '/settings/company' };

export function FirstSteps() {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const shown = steps.filter(({ entity }) => entities[entity]);
  const found = useQueries({
    queries: shown.map(({ entity, more }) => ({
      queryKey: ['records', entity, 'first'],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<Page<Row>>(`records/${entity}`, { fields: 'id', limit: more + 1 }, signal),
      staleTime: 60_000,
    })),
  });
  const own = useQuery({
    queryKey: ['settings', 'first'],
    queryFn: ({ signal }) => get<{ address?: string }>('settings', {}, signal),
  });
  const all = [company, ...shown];
  const isDone = [
    Boolean(own.data?.address),
    ...shown.map(({ more }, i) => (found[i]?.data?.items.length ?? 0) > more),
  ];
  if (!own.data || found.some((one) => !one.data) || isDone.every(Boolean)) return null;
  const next = isDone.indexOf(false);
  return (
    <section aria-label={t('today.first.title')} className="mt-6 rounded-md border border-line p-4">
      <h3 className="font-medium">{t('today.first.title')}</h3>
      <ol className="mt-2 grid gap-2 desk:grid-cols-2">
        {all.map(({ key, to }, i) => (
          <li key={key}>
            <Link
              to={to}
              className={cx(
                'flex h-full items-start gap-3 rounded-sm border px-3 py-2 hover:bg-hover',
                i === next ? 'border-accent' : 'border-line',
              )}
            >
              <span
                aria-hidden="true"
                className={cx(
                  'mt-px grid size-[18px] shrink-0 place-items-center rounded-full border text-[11px]',
                  isDone[i]
                    ? 'border-accent bg-accent text-on-accent'
                    : i === next
                      ? 'border-accent text-accent-ink'
                      : 'border-line-strong text-ink-2',
                )}
              >
                {isDone[i] ? <Check size={12} /> : i + 1}
              </span>
              <span className="min-w-0">
                <span className={cx('block', isDone[i] ? 'text-ink-3' : 'font-medium')}>
                  {t(`today.first.${key}`)}
                </span>
                {!isDone[i] && (
                  <span className="block text-meta text-ink-3">{t(`today.first.${key}_text`)}</span>
                )}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}
