import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '@/api/client';
import type { Entity, Field } from '@/api/types';
import { plus } from '@/lib/plus';

export type Measure = 'sum' | 'avg' | 'min' | 'max' | 'none';

export interface Totals {
  /** Exactly how many records there are; undefined while nobody knows. */
  count: number | undefined;
  /** What the foot of a column says, one for each currency that occurs. */
  values: Map<string, { value: string; currency: string | null }[]>;
}

interface Aggregation {
  groups: string[];
  measures: string[];
  rows: unknown[][];
}

type Choices = Record<string, Measure>;

const place = (entity: string) => `guanxi.totals.${entity}`;

/** What the foot of each column shows, remembered in this browser. */
export function useMeasures(
  entity: Entity,
): [(field: Field) => Measure, (key: string, measure: Measure) => void] {
  const [chosen, setChosen] = useState<Choices>(() => {
    try {
      return JSON.parse(localStorage.getItem(place(entity.name)) ?? '{}') as Choices;
    } catch {
      return {};
    }
  });
  function choose(key: string, measure: Measure) {
    const next = { ...chosen, [key]: measure };
    setChosen(next);
    try {
      localStorage.setItem(place(entity.name), JSON.stringify(next));
    } catch {
      // A browser that forbids storage: the choice lasts until the list is left.
    }
  }
  return [(field) => chosen[field.key] ?? usual(field), choose];
}

/** Amounts are added up; of other figures (numbers in a row, rates, prices) nobody knows what it would say. */
function usual(field: Field): Measure {
  return field.type === 'money' && field.measures.includes('sum') ? 'sum' : 'none';
}

/** The API's limit of measures in one question, less the count. */
const mostMeasures = 7;

/** Counts and adds up all that a filter finds; words that are looked for cannot be added up. */
export function useTotals(
  entity: Entity,
  fields: Field[],
  measureOf: (field: Field) => Measure,
  filter: string | undefined,
  isAsked: boolean,
): Totals {
  const asked = fields
    .filter((field) => measureOf(field) !== 'none' && field.measures.includes(measureOf(field)))
    .slice(0, mostMeasures);
  const measures = ['count', ...asked.map((field) => `${measureOf(field)}:${field.key}`)];
  const currency = entity.fields.find((field) => field.key === 'currency');
  const hasMoney = asked.some((field) => field.type === 'money');
  const group = hasMoney && currency?.groupable ? ['currency'] : [];
  const found = useQuery({
    queryKey: ['records', entity.name, 'totals', filter ?? '', measures.join(), group.join()],
    queryFn: ({ signal: _ }) =>
      post<Aggregation>(`records/${entity.name}/aggregate`, { filter: filter ?? '', group, measures }),
    enabled: isAsked,
    placeholderData: (old) => old,
  });
  const rows = found.data?.rows;
  const values: Totals['values'] = new Map();
  if (!rows || found.isPlaceholderData) return { count: undefined, values };
  const from = group.length;
  for (const [i, field] of asked.entries()) {
    const all = rows.flatMap((row) => {
      const value = row[from + 1 + i];
      if (value === null || value === undefined) return [];
      return { value: String(value), currency: from > 0 && typeof row[0] === 'string' ? row[0] : null };
    });
    // What is in no currency of the records has one sum.
    const isOne = from > 0 && (field.type !== 'money' || field.settings?.base === true);
    if (isOne && measureOf(field) === 'sum' && all.length > 0) {
      const value = all.map((one) => one.value).reduce(plus);
      values.set(field.key, [{ value, currency: null }]);
      continue;
    }
    // Figures that are no amounts of money must not be shown by currency.
    if (from === 0 || (field.type === 'money' && !isOne) || all.length === 1) values.set(field.key, all);
  }
  return { count: rows.reduce((sum, row) => sum + Number(row[from] ?? 0), 0), values };
}
