import { X } from 'lucide-react';
import { lazy } from 'react';
import { Button } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { type Filter, type Group, isGroup } from '@/lib/filter';
import { Button as TextButton } from '@/ui/Button';
import { Dropdown } from '@/ui/Dropdown';
import { type Contexts, fieldsOf } from '../context';
import { clauseWords, filterWords, namedIn } from './filters';
import { useRefLabels } from './useRefLabels';

const ClauseEditor = lazy(() => import('./ClauseEditor'));

interface ChipsProps {
  entity: Entity;
  /** null: the text says what cannot be shown. */
  filter: Group | null;
  text: string;
  contexts: Contexts;
  onChange(filter: Group): void;
  onBuild(): void;
  onClear(): void;
}

/** The filters in force in words, each to be changed or taken away. */
export function Chips({ entity, filter, text, contexts, onChange, onBuild, onClear }: ChipsProps) {
  const { t } = useTranslation();
  const fields = fieldsOf(entity);
  const refLabel = useRefLabels(filter ? namedIn(filter, fields) : []);
  const words = { contexts, fields, refLabel };
  // What is not simply "all of these" is one chip that opens the builder.
  const parts: Filter[] = filter?.joint === 'and' ? filter.kids : filter ? [filter] : [];
  const put = (at: number, next: Filter | null) =>
    onChange({
      joint: 'and',
      kids: parts.flatMap((old, i) => (i === at ? (next ?? []) : old)),
    });
  return (
    <div className="flex items-center gap-1.5 px-3 pb-2 max-desk:fades max-desk:overflow-x-auto max-desk:[scrollbar-width:none] desk:flex-wrap">
      {filter === null && (
        <Chip onRemove={onClear} name={text}>
          <code className="max-w-96 truncate px-2 font-mono text-meta">{text}</code>
        </Chip>
      )}
      {parts.map((part, i) => {
        if (isGroup(part)) {
          const said = filterWords(part, words);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: equal parts may stand twice; their place tells them apart
            <Chip key={i} name={said} onRemove={() => put(i, null)}>
              <Button onPress={onBuild} className={chipButton}>
                <span className="max-w-[36rem] truncate">{said}</span>
              </Button>
            </Chip>
          );
        }
        const field = fields.get(part.field);
        const name = field ? contexts.label(field.label) : part.field;
        const said = field ? clauseWords(part, field, words) : '';
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal clauses may stand twice; their place tells them apart
          <Chip key={i} name={`${name} ${said}`} onRemove={() => put(i, null)}>
            <Dropdown
              label={t('filter.change')}
              content={(close) => (
                <ClauseEditor
                  entity={entity}
                  clause={part}
                  onDone={(next) => {
                    put(i, next);
                    close();
                  }}
                />
              )}
            >
              <Button className={chipButton}>
                <span className="text-ink-3">{name}</span>
                <span className="max-w-72 truncate">{said}</span>
              </Button>
            </Dropdown>
          </Chip>
        );
      })}
      {filter && (
        <TextButton look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9" onPress={onBuild}>
          {t('filter.build')}
        </TextButton>
      )}
      <TextButton look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9" onPress={onClear}>
        {t('list.clear')}
      </TextButton>
    </div>
  );
}

const chipButton = 'flex h-full min-w-0 items-center gap-1 rounded-l-sm px-2 hovered:bg-hover';

function Chip({ children, name, onRemove }: { children: React.ReactNode; name: string; onRemove(): void }) {
  const { t } = useTranslation();
  return (
    <span className="flex h-7 max-w-full shrink-0 items-center rounded-sm border border-line bg-panel pointer-coarse:h-9">
      {children}
      <Button
        aria-label={t('action.remove_name', { name })}
        onPress={onRemove}
        className="grid h-full w-6 shrink-0 place-items-center rounded-r-sm text-ink-3 hovered:bg-hover hovered:text-ink pointer-coarse:w-9"
      >
        <X size={12} aria-hidden="true" />
      </Button>
    </span>
  );
}
