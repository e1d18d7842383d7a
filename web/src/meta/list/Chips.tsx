import { useQueries } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { lazy } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { get } from '@/api/client';
import type { Entity, Field, Row } from '@/api/types';
import type { Clause } from '@/lib/filter';
import { Button as TextButton } from '@/ui/Button';
import { Dropdown } from '@/ui/Dropdown';
import { type Contexts, fieldsOf, useMeta } from '../context';
import { clauseWords } from './filters';
import { targetOf } from './targets';

const ClauseEditor = lazy(() => import('./ClauseEditor'));

interface ChipsProps {
  entity: Entity;
  /** null: the text is more than clauses. */
  clauses: Clause[] | null;
  text: string;
  contexts: Contexts;
  onChange(clauses: Clause[]): void;
  onClear(): void;
}

/** The filters in force, each to be changed or taken away. */
export function Chips({ entity, clauses, text, contexts, onChange, onClear }: ChipsProps) {
  const { t } = useTranslation();
  const fields = fieldsOf(entity);
  const refLabel = useRefLabels(clauses ?? [], fields);
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-3 pb-2">
      {clauses === null && (
        <Chip onRemove={onClear} name={text}>
          <code className="max-w-96 truncate px-2 font-mono text-meta">{text}</code>
        </Chip>
      )}
      {clauses?.map((clause, i) => {
        const field = fields.get(clause.field);
        const name = field ? contexts.label(field.label) : clause.field;
        const words = field ? clauseWords(clause, field, contexts, refLabel) : '';
        return (
          <Chip
            // biome-ignore lint/suspicious/noArrayIndexKey: equal clauses may stand twice; their place tells them apart
            key={i}
            name={`${name} ${words}`}
            onRemove={() => onChange(clauses.filter((_, at) => at !== i))}
          >
            <Dropdown
              label={t('filter.change')}
              content={(close) => (
                <ClauseEditor
                  entity={entity}
                  clause={clause}
                  onDone={(next) => {
                    onChange(clauses.map((old, at) => (at === i ? next : old)));
                    close();
                  }}
                />
              )}
            >
              <Button className="flex h-full min-w-0 items-center gap-1 rounded-l-sm px-2 hovered:bg-hover">
                <span className="text-ink-3">{name}</span>
                <span className="max-w-72 truncate">{words}</span>
              </Button>
            </Dropdown>
          </Chip>
        );
      })}
      <TextButton look="quiet" className="!h-7 !px-2" onPress={onClear}>
        {t('list.clear')}
      </TextButton>
    </div>
  );
}

function Chip({ children, name, onRemove }: { children: React.ReactNode; name: string; onRemove(): void }) {
  const { t } = useTranslation();
  return (
    <span className="flex h-7 max-w-full items-center rounded-sm border border-line bg-panel pointer-coarse:h-9">
      {children}
      <Button
        aria-label={t('action.remove_name', { name })}
        onPress={onRemove}
        className="grid h-full w-6 place-items-center rounded-r-sm text-ink-3 hovered:bg-hover hovered:text-ink pointer-coarse:w-9"
      >
        <X size={12} aria-hidden="true" />
      </Button>
    </span>
  );
}

/** The names of records that clauses name by id. */
function useRefLabels(clauses: Clause[], fields: Map<string, Field>): (id: string) => string {
  const { entities } = useMeta();
  const wanted = clauses.flatMap((clause) => {
    const field = fields.get(clause.field);
    const target = field && targetOf(field);
    const title = target && entities[target]?.title;
    if (!title) return [];
    const ids = (Array.isArray(clause.value) ? clause.value : [clause.value]).filter(
      (id) => typeof id === 'string',
    );
    return ids.map((id) => ({ target, title, id }));
  });
  const found = useQueries({
    queries: wanted.map(({ target, title, id }) => ({
      queryKey: ['record', target, id, 'title'],
      queryFn: () => get<Row>(`records/${target}/${id}`, { fields: title }),
      staleTime: 300_000,
      retry: false,
    })),
  });
  return (id) => {
    const at = wanted.findIndex((one) => one.id === id);
    const row = found[at]?.data;
    return row ? String(row[wanted[at]?.title ?? ''] ?? id) : id;
  };
}
