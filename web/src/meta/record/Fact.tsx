import { Pencil } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import type { Contexts } from '../context';
import { typeOf } from '../fields';
import { FactValue } from '../fields/Value';
import type { Step } from './InlineEditor';

const InlineEditor = lazy(() => import('./InlineEditor'));

/** A value that could not be saved, and why. */
export interface Refused {
  value: unknown;
  message: string;
}

interface FactProps {
  field: Field;
  row: Row;
  contexts: Contexts;
  canEdit: boolean;
  isRequired: boolean;
  isEditing: boolean;
  /** Focus comes back here after editing. */
  hasFocus: boolean;
  refused?: Refused;
  onEdit(): void;
  onCommit(value: unknown, step: Step): void;
  onCancel(): void;
}

/** Types whose editor needs the whole width. */
const wideEditors = new Set(['region', 'any_ref', 'long_text', 'rich_text', 'file']);

/** One field with its value; a press, or Enter, edits it in its place. */
export function Fact(props: FactProps) {
  const { field, row, contexts, canEdit, isEditing, refused } = props;
  const { t } = useTranslation();
  const name = contexts.label(field.label);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (props.hasFocus && !isEditing) button.current?.focus();
  }, [props.hasFocus, isEditing]);
  const value = <FactValue value={row[field.key]} context={{ ...contexts, field, row }} />;
  return (
    <div
      className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-2 desk:grid-cols-[7rem_minmax(0,1fr)] xl:grid-cols-[8.5rem_minmax(0,1fr)]"
      data-fact={field.key}
    >
      <dt className="py-1 text-ink-3">{name}</dt>
      <dd
        className={cx(
          'group relative min-w-0 rounded-sm break-words',
          !isEditing && 'py-1',
          isEditing && (wideEditors.has(field.type) || typeOf(field).isWide) && 'col-span-2',
        )}
      >
        {isEditing ? (
          <Suspense fallback={<div className="h-(--control)" />}>
            <InlineEditor
              field={field}
              row={row}
              value={refused ? refused.value : (row[field.key] ?? null)}
              error={refused?.message}
              isRequired={props.isRequired}
              onCommit={props.onCommit}
              onCancel={props.onCancel}
            />
          </Suspense>
        ) : (
          <>
            {canEdit && (
              <button
                ref={button}
                type="button"
                onClick={props.onEdit}
                aria-label={t('record.edit_fact', { name })}
                className="absolute -inset-x-1.5 inset-y-0 cursor-text rounded-sm hover:bg-hover"
              />
            )}
            <div
              className={cx(
                'relative [&_a]:-my-0.5 [&_a]:inline-block [&_a]:max-w-full [&_a]:py-0.5',
                canEdit && 'pointer-events-none pr-5 has-[a]:pr-8 [&_a]:pointer-events-auto',
              )}
            >
              {value}
            </div>
            {canEdit && (
              <Pencil
                size={12}
                aria-hidden="true"
                className="pointer-events-none absolute top-2 right-0 text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
              />
            )}
            {refused && (
              <p role="alert" className="relative text-meta text-danger">
                {refused.message}
              </p>
            )}
          </>
        )}
      </dd>
    </div>
  );
}
