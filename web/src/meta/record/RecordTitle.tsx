import { Pencil } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { cx } from '@/ui/cx';
import { type Contexts, fieldsOf } from '../context';
import type { Editing } from './useEditing';

const InlineEditor = lazy(() => import('./InlineEditor'));

/** Whether a field is told by the heading of its record: then it stands nowhere else. */
export function isHeading(entity: Entity, field: Field): boolean {
  return field.key === entity.title && (field.type === 'text' || field.type === 'auto_number');
}

interface TitleProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  title: string;
  edit: Editing;
  /** h1 on the record's own page, h2 beside a list. */
  level: 1 | 2;
}

/** The name of a record, once, edited where it stands like any fact. */
export function RecordTitle({ entity, row, contexts, title, edit, level }: TitleProps) {
  const { t } = useTranslation();
  const button = useRef<HTMLButtonElement>(null);
  const field = fieldsOf(entity).get(entity.title);
  const isOwn = field !== undefined && isHeading(entity, field);
  const mayEdit = isOwn && edit.mayEdit(field);
  const isEditing = isOwn && edit.editing === field.key;
  const hasFocus = isOwn && edit.back === field.key;
  useEffect(() => {
    if (hasFocus && !isEditing) button.current?.focus();
  }, [hasFocus, isEditing]);
  const Heading = `h${level}` as const;
  const heading = (
    <Heading
      data-tip-cut=""
      // What is only the beginning of a text below is not told at length twice.
      className={cx('relative text-title font-semibold break-words', !mayEdit && 'line-clamp-3')}
    >
      {title}
    </Heading>
  );
  if (!mayEdit) return heading;
  const refused = edit.refused[field.key];
  if (isEditing) {
    return (
      <div data-fact={field.key}>
        <Suspense fallback={heading}>
          <InlineEditor
            field={field}
            row={row}
            value={refused ? refused.value : (row[field.key] ?? null)}
            error={refused?.message}
            isRequired
            onCommit={(value, step) => edit.commit(field, value, step)}
            onCancel={() => edit.cancel(field)}
          />
        </Suspense>
      </div>
    );
  }
  return (
    <div className="group relative" data-fact={field.key}>
      <button
        ref={button}
        type="button"
        onClick={() => edit.begin(field)}
        aria-label={t('record.edit_fact', { name: contexts.label(field.label) })}
        className="absolute -inset-x-1.5 -inset-y-0.5 cursor-text rounded-sm hover:bg-hover"
      />
      <div className="pointer-events-none pr-5">{heading}</div>
      <Pencil
        size={13}
        aria-hidden="true"
        className="pointer-events-none absolute top-1.5 right-0 text-ink-3 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      />
      {refused && (
        <p role="alert" className="relative text-meta text-danger">
          {refused.message}
        </p>
      )}
    </div>
  );
}
