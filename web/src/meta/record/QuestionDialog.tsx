// What can be asked about a record beside what it holds: a dry run of rules, who
// would be told. Fetched when somebody asks.
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Entity, Field, Question, Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { type Column, Table } from '@/ui/Table';
import { useContexts, useLabel } from '../context';
import { type Answer, records, useRegionName } from '../data';
import { isFigure, writeValue } from '../fields';
import { editorOf } from '../fields/editors';
import { CellValue } from '../fields/Value';
import type { Values } from '../form/validate';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';

interface QuestionProps {
  entity: Entity;
  row: Row;
  question: Question;
  onClose(): void;
}

/** Asks a question and shows the table that answers it. */
export default function QuestionDialog({ entity, row, question, onClose }: QuestionProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const contexts = useContexts(useRegionName(false));
  const [values, setValues] = useState<Values>({});
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failed, setFailed] = useState<Problem | null>(null);

  async function ask() {
    try {
      const input = question.input.map((field) => [field.key, writeValue(field, values[field.key])]);
      setAnswer(await records.ask(entity.name, row.id, question.name, Object.fromEntries(input)));
      setFailed(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFailed(error);
    }
  }

  // What is told nothing is asked at once.
  const isBare = question.input.length === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, when it opens
  useEffect(() => {
    if (isBare) void ask();
  }, []);

  const columns: Column<{ n: number; row: Record<string, unknown> }>[] = question.columns.map((field) => ({
    key: field.key,
    name: label(field.label),
    isFigure: isFigure(field),
    cell: (one) => <Cell field={field} value={one.row[field.key]} context={{ ...contexts, field }} />,
  }));
  const foot = (
    <>
      <Button onPress={onClose}>{t('action.close')}</Button>
      {!isBare && (
        <Button look="primary" onPress={ask}>
          {t('question.ask')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog title={label(question.label)} isOpen onClose={onClose} foot={foot}>
      <div className="flex flex-col gap-4">
        {failed && <ProblemNotice error={failed} />}
        {question.input.map((field) => {
          const Editor = editorOf(field);
          return (
            Editor && (
              <Editor
                key={field.key}
                field={field}
                label={label(field.label)}
                help={label(field.help) || undefined}
                isRequired={field.required}
                value={values[field.key] ?? null}
                onChange={(value) => setValues((old) => ({ ...old, [field.key]: value }))}
              />
            )
          );
        })}
        {answer && (
          <>
            <p role="status" className="figures text-ink-2">
              {t(answer.more ? 'question.many' : 'question.count', { count: answer.rows.length })}
            </p>
            {answer.rows.length > 0 && (
              <Table
                label={label(question.label)}
                columns={columns}
                rows={answer.rows.map((one, n) => ({ n, row: one }))}
                rowKey={(one) => String(one.n)}
                className="max-h-[50vh]"
              />
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

interface CellProps {
  field: Field;
  value: unknown;
  context: React.ComponentProps<typeof CellValue>['context'];
}

/** A value of the answer; a record is a link to it. */
function Cell({ field, value, context }: CellProps) {
  const at = value as { type?: string | null; id?: string | null } | null;
  if (field.type === 'any_ref' && at?.type && at.id) {
    return (
      <Link to={paths.record(at.type, at.id)} className="text-accent-ink hover:underline">
        <CellValue value={value} context={context} />
      </Link>
    );
  }
  return <CellValue value={value} context={context} />;
}
