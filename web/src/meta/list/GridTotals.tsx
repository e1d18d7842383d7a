// The row under the last one: how many records, and of figures their sum,
// average, least or most, as the reader chooses.
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Entity, Field } from '@/api/types';
import { decimalText } from '@/lib/format';
import { cx } from '@/ui/cx';
import { Menu } from '@/ui/Menu';
import { type Contexts, fieldsOf } from '../context';
import { isFigure, valueText } from '../fields';
import type { Measure, Totals } from './useTotals';
import { pickWidth } from './useWidths';

interface GridTotalsProps {
  entity: Entity;
  columns: string[];
  contexts: Contexts;
  totals: Totals;
  measureOf(key: string): Measure;
  onMeasure(key: string, measure: Measure): void;
}

export function GridTotals({ entity, columns, contexts, totals, measureOf, onMeasure }: GridTotalsProps) {
  const { t } = useTranslation();
  const known = fieldsOf(entity);
  const fields = columns.flatMap((key) => known.get(key) ?? []);
  const hasSum = (field: Field | undefined) =>
    field !== undefined && (totals.values.get(field.key)?.length ?? 0) > 0;
  return (
    <section
      aria-label={t('list.totals')}
      className="figures sticky bottom-0 z-20 mt-auto grid min-h-8 shrink-0 border-t border-line bg-panel text-meta text-ink-3"
      style={{ gridTemplateColumns: 'var(--columns)' }}
    >
      <span className="sticky left-0 z-10 bg-panel" style={{ width: pickWidth }} />
      {fields.map((field, i) => {
        const name = contexts.label(field.label);
        const measure = measureOf(field.key);
        const found = totals.values.get(field.key) ?? [];
        const texts = [...found]
          .sort((a, b) => place(a.currency, contexts) - place(b.currency, contexts))
          .map(({ value, currency }) =>
            valueText(shown(value, measure), {
              ...contexts,
              field,
              row: currency ? { currency } : undefined,
            }),
          );
        const text = texts.join(' · ');
        return (
          <div
            key={field.key}
            className={cx(
              'flex min-w-0 items-center px-1',
              isFigure(field) && 'justify-end',
              // Where a sum stands before it too, it keeps to its own column.
              i > 0 && hasSum(fields[i - 1]) && 'overflow-hidden',
              i === 0 && 'foot-stays sticky left-10 z-10 bg-panel pl-2',
            )}
          >
            {i === 0 && totals.count !== undefined && (
              <span className="truncate">
                {t('list.total_count', { count: totals.count, n: decimalText(totals.count) })}
              </span>
            )}
            {i > 0 && isFigure(field) && field.measures.includes('sum') && (
              <Menu
                placement="top start"
                entries={(['sum', 'avg', 'min', 'max', 'none'] as const).map((one) => ({
                  id: one,
                  name: t(`list.measure.${one}`),
                  isChecked: one === measure,
                  onAction: () => onMeasure(field.key, one),
                }))}
              >
                <Button
                  aria-label={t('list.total_of', {
                    name,
                    measure: t(`list.measure.${measure}`),
                    value: text,
                  })}
                  className={cx(
                    'flex min-h-6 items-center gap-1.5 rounded-sm px-2 py-0.5 whitespace-nowrap hovered:bg-hover',
                    hasSum(fields[i - 1]) ? 'min-w-0' : 'shrink-0',
                    // Nothing is said of it: only who looks for it finds where it would stand.
                    measure === 'none' && 'opacity-0 hovered:opacity-100 focus-visible:opacity-100',
                  )}
                >
                  {measure === 'none' ? (
                    <span aria-hidden="true">—</span>
                  ) : (
                    <>
                      {measure !== 'sum' && <span className="shrink-0">{t(`list.measure.${measure}`)}</span>}
                      <span className="flex min-w-0 flex-col text-right font-medium text-ink">
                        {(texts.length > 0 ? texts.slice(0, mostCurrencies) : ['—']).map((one) => (
                          <span key={one} className="truncate" data-tip-cut="">
                            {one}
                          </span>
                        ))}
                        {texts.length > mostCurrencies && (
                          <span className="font-normal text-ink-3" data-tip={text}>
                            {t('list.more_currencies', { count: texts.length - mostCurrencies })}
                          </span>
                        )}
                      </span>
                    </>
                  )}
                </Button>
              </Menu>
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Each currency has a line of its own, so that no sum is cut; beyond these they are told on asking. */
const mostCurrencies = 3;

/** How high the row is, in pixels. */
export function heightOf({ values }: Totals): number {
  const most = Math.max(1, ...[...values.values()].map((all) => all.length));
  return most === 1 ? 32 : 14 + Math.min(most, mostCurrencies + 1) * 18;
}

/** The company's own currency stands first. */
const place = (currency: string | null, { currency: own }: Contexts) =>
  currency === null || currency === own ? 0 : 1;

/** An average may have more decimals than anybody wants to read. */
function shown(value: string, measure: Measure): string | number {
  if (measure !== 'avg') return value;
  const match = /^(-?\d+)\.(\d{2})\d+$/.exec(value);
  return match ? `${match[1]}.${match[2]}` : value;
}
