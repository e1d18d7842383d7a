// What is wrong with the lines of a form: said before it is sent, or by the server.
import type { FieldErrors, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ProblemBody } from '@/api/types';
import { useLabel } from '../context';
import type { SummaryItem } from '../form/ErrorSummary';
import type { Values } from '../form/validate';
import { cellAt, keyOf, type LinesField, lineFaults, linePath, linesOf, sentLines } from './lines';

type ErrorOf = { type: string; message: string; types: Record<string, string> };

export function useLineErrors(groups: LinesField[]) {
  const { t } = useTranslation();
  const label = useLabel();
  const made = (types: Record<string, string>): ErrorOf => ({
    type: 'lines',
    message: Object.values(types)[0] ?? '',
    types,
  });
  const cells = (errors: FieldErrors<Values>, group: LinesField) =>
    (errors[group.key]?.types ?? {}) as Record<string, string>;

  /** Before it is sent. */
  function check(values: Values): Record<string, ErrorOf> {
    const found: Record<string, ErrorOf> = {};
    for (const group of groups) {
      const faults = Object.entries(lineFaults(group, values[group.key])).map(([at, key]) => {
        const column = group.columns.find((one) => at.endsWith(`.${one.key}`));
        return [at, t(key, { name: label(column?.label) })] as const;
      });
      if (faults.length > 0) found[group.key] = made(Object.fromEntries(faults));
    }
    return found;
  }

  /** Takes what the server says about lines out of its answer; the rest is about fields. */
  function take(form: UseFormReturn<Values>, errors: NonNullable<ProblemBody['errors']>) {
    const rest: typeof errors = [];
    const found = new Map<LinesField, Record<string, string>>();
    for (const error of errors) {
      const path = linePath(error.field ?? '');
      const group = groups.find((one) => one.key === path?.group);
      const line = group && path && sentLines(group, form.getValues(group.key))[path.index];
      if (!group || !path || !line) rest.push(error);
      else
        found.set(group, {
          ...found.get(group),
          [cellAt(line, path.column || (group.columns[0]?.key ?? ''))]: error.message,
        });
    }
    for (const [group, types] of found) form.setError(group.key, made(types));
    return rest;
  }

  function set(form: UseFormReturn<Values>, group: LinesField, types: Record<string, string>) {
    if (Object.keys(types).length > 0) form.setError(group.key, made(types));
    else form.clearErrors(group.key);
  }

  function summary(errors: FieldErrors<Values>, values: Values): SummaryItem[] {
    return groups.flatMap((group) => {
      const lines = linesOf(values[group.key]);
      const wrong = cells(errors, group);
      const own = errors[group.key];
      if (own && Object.keys(wrong).length === 0)
        return [{ key: group.key, name: label(group.label), message: String(own.message) }];
      return Object.entries(wrong).map(([at, message]) => {
        const column = group.columns.find((one) => at.endsWith(`.${one.key}`));
        const n = lines.findIndex((line) => at.startsWith(`${keyOf(line)}.`)) + 1;
        const name = t('lines.at', { group: label(group.label), n, column: label(column?.label) });
        return {
          key: `${group.key}#${n - 1}.${column ? group.columns.indexOf(column) : -1}`,
          name,
          message,
        };
      });
    });
  }

  return { cells, check, take, set, summary };
}
