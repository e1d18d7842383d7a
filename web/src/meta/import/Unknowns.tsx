import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch } from '@/api/client';
import type { Entity, Field, ImportPreview } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { toasts } from '@/ui/toasts';
import { fieldsOf, may, useEntity, useLabel, useMe } from '../context';
import { records, refresh } from '../data';
import { RefField } from '../fields/reference/RefField';
import { useProblemText } from '../ProblemNotice';
import type { Given } from './MappingStep';

type Unknown = ImportPreview['unknown'][number];

interface UnknownsProps {
  entity: Entity;
  unknown: Unknown[];
  given: Given;
  onChange(given: Given): void;
}

/** Texts that no option and no record fits: what each of them means, or that it is left out. */
export function Unknowns({ entity, unknown, given, onChange }: UnknownsProps) {
  const { t } = useTranslation();
  const known = fieldsOf(entity);
  if (unknown.length === 0) return null;
  const tell = (field: string, value: string, meaning: string | null) => {
    const { [value]: _, ...others } = given[field] ?? {};
    onChange({ ...given, [field]: meaning === null ? others : { ...others, [value]: meaning } });
  };
  return (
    <section>
      <h2 className="font-medium">{t('import.unknown')}</h2>
      <p className="mb-1.5 text-ink-2">{t('import.unknown_text')}</p>
      <ul className="rounded-md border border-line">
        {unknown.map((one) => {
          const field = known.get(one.field);
          return (
            field && (
              <Line
                key={`${one.field} ${one.value}`}
                entity={entity}
                field={field}
                one={one}
                meaning={given[one.field]?.[one.value] ?? null}
                onTell={(meaning) => tell(one.field, one.value, meaning)}
              />
            )
          );
        })}
      </ul>
    </section>
  );
}

/** Stands for "leave it out" among the options; no code is empty. */
const nothing = ' nothing';

interface LineProps {
  entity: Entity;
  field: Field;
  one: Unknown;
  meaning: string | null;
  onTell(meaning: string | null): void;
}

function Line({ entity, field, one, meaning, onTell }: LineProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const make = useNewOption(entity, field);
  const [chosen, setChosen] = useState('');
  const [to, add] = useNewRecord(field.settings.target);
  const name = t('import.means', { value: one.value, field: label(field.label) });
  const target = field.settings.target;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{one.value}</p>
        <p className="text-meta text-ink-3">
          {label(field.label)}
          {one.rows > 0 && ` · ${t('import.rows', { count: one.rows, rows: decimalText(one.rows) })}`}
          {one.several && ` · ${t('import.several')}`}
        </p>
      </div>
      <div className="w-60 max-desk:w-full">
        {target ? (
          <RefField
            label={name}
            hideLabel
            target={target}
            value={meaning ? [{ id: meaning, label: chosen }] : []}
            onChange={([ref]) => {
              setChosen(ref?.label ?? '');
              onTell(ref?.id ?? null);
            }}
          />
        ) : (
          <Select
            label={name}
            hideLabel
            placeholder={t('import.refuse')}
            items={[
              { id: nothing, name: t('import.leave_empty') },
              ...(field.settings.options ?? [])
                .filter((option) => option.active)
                .map((option) => ({ id: option.code, name: label(option.label) })),
            ]}
            value={meaning === '' ? nothing : meaning}
            onChange={(code) => onTell(code === nothing ? '' : code)}
            canClear
          />
        )}
      </div>
      {target && (
        <Button look="quiet" onPress={() => onTell(meaning === '' ? null : '')} aria-pressed={meaning === ''}>
          {t(meaning === '' ? 'import.left_empty' : 'import.leave_empty')}
        </Button>
      )}
      {target && to && meaning === null && (
        <Button
          look="quiet"
          onPress={() =>
            add(one.value).then((id) => {
              if (!id) return;
              setChosen(one.value);
              onTell(id);
            })
          }
        >
          <Plus size={14} aria-hidden="true" />
          {t('list.create', { name: label(to.label) })}
        </Button>
      )}
      {!target && me.admin && meaning === null && (
        <Button look="quiet" onPress={() => make(one.value).then((code) => code && onTell(code))}>
          <Plus size={14} aria-hidden="true" />
          {t('import.new_option')}
        </Button>
      )}
    </li>
  );
}

/**
 * Makes a record that has nothing but its name, such as a department: the entity it is of, undefined where
 * more is asked for or the caller may not, and what makes it and resolves with its id.
 */
function useNewRecord(
  target: string | null | undefined,
): [Entity | undefined, (name: string) => Promise<string>] {
  const client = useQueryClient();
  const problem = useProblemText();
  const entity = useEntity(target ?? '');
  const title = entity && fieldsOf(entity).get(entity.title);
  const isEnough = entity?.fields.every(
    (field) => !field.required || field.key === entity.title || field.default !== null,
  );
  const to =
    entity && title?.type === 'text' && !title.read_only && isEnough && may(entity, 'create')
      ? entity
      : undefined;
  const add = async (name: string) => {
    try {
      const made = await records.create(target ?? '', { [title?.key ?? '']: name });
      await refresh(client, target ?? '');
      return 'id' in made ? String(made.id) : '';
    } catch (error) {
      toasts.warn(problem(error));
      return '';
    }
  };
  return [to, add];
}

/** Adds an option to a field, as an administrator would in the settings; resolves with its code. */
function useNewOption(entity: Entity, field: Field): (text: string) => Promise<string> {
  const client = useQueryClient();
  const problem = useProblemText();
  return async (text) => {
    const options = (field.settings.options ?? []).map(({ code, label, color, active, parent }) => ({
      code,
      label,
      ...(color && { color }),
      ...(!active && { hidden: true }),
      ...(parent && { parent }),
    }));
    const taken = new Set(options.map((option) => option.code));
    let n = options.length + 1;
    while (taken.has(`v${n}`)) n++;
    const code = `v${n}`;
    try {
      await patch(`customize/entities/${entity.name}/fields/${field.key}`, {
        settings: {
          many: field.settings.many,
          options: [...options, { code, label: { 'zh-CN': text, en: text } }],
        },
      });
      await client.invalidateQueries({ queryKey: ['meta'] });
      return code;
    } catch (error) {
      toasts.warn(problem(error));
      return '';
    }
  };
}
