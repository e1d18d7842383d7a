import { useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, sendTagged } from '@/api/client';
import type { Entity, Field, ImportPreview } from '@/api/types';
import { decimalText } from '@/lib/format';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { toasts } from '@/ui/toasts';
import { fieldsOf, may, useEntity, useLabel, useMe, useMeta } from '../context';
import { records, refresh } from '../data';
import { RefField } from '../fields/reference/RefField';
import { type CountedDictionary, optionsOf } from '../options';
import { useProblemText } from '../ProblemNotice';
import type { Given } from './MappingStep';
import { type Target, useTargets } from './targets';

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
  const known = useTargets(entity);
  const make = useMaking(entity);
  const [busy, setBusy] = useState(false);
  if (unknown.length === 0) return null;
  const makeable = unknown.filter((one) => given[one.field]?.[one.value] === undefined && make.may(one));
  async function makeAll() {
    setBusy(true);
    let all = given;
    for (const field of new Set(makeable.map((one) => one.field))) {
      const texts = makeable.filter((one) => one.field === field).map((one) => one.value);
      all = { ...all, [field]: { ...all[field], ...(await make.all(field, texts)) } };
    }
    onChange(all);
    setBusy(false);
  }
  const tell = (field: string, value: string, meaning: string | null) => {
    const { [value]: _, ...others } = given[field] ?? {};
    onChange({ ...given, [field]: meaning === null ? others : { ...others, [value]: meaning } });
  };
  return (
    <section>
      <div className="mb-1.5 flex flex-wrap items-end justify-between gap-2">
        <div>
          <h2 className="font-medium">{t('import.unknown')}</h2>
          <p className="text-ink-2">{t('import.unknown_text')}</p>
        </div>
        {makeable.length > 1 && (
          <Button onPress={makeAll} isDisabled={busy}>
            <Plus size={14} aria-hidden="true" />
            {t('import.make_all', { count: makeable.length })}
          </Button>
        )}
      </div>
      <ul className="rounded-md border border-line">
        {unknown.map((one) => {
          const at = known.get(one.field);
          return (
            at && (
              <Line
                key={`${one.field} ${one.value}`}
                entity={entity}
                at={at}
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
  at: Target;
  one: Unknown;
  meaning: string | null;
  onTell(meaning: string | null): void;
}

function Line({ entity, at, one, meaning, onTell }: LineProps) {
  const { field } = at;
  const { t } = useTranslation();
  const label = useLabel();
  const make = useMaking(entity);
  const canMake = meaning === null && make.may(one);
  const [chosen, setChosen] = useState('');
  const to = useEntity(field.settings.target ?? '');
  const name = t('import.means', { value: one.value, field: at.name });
  const target = field.settings.target;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-b border-line px-3 py-1.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="truncate font-medium">{one.value}</p>
        <p className="text-meta text-ink-3">
          {at.name}
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
            value={meaning ? [{ id: meaning, label: chosen || one.value }] : []}
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
      {canMake && (
        <Button
          look="quiet"
          onPress={() =>
            make.all(at.path, [one.value]).then((made) => {
              if (made[one.value]) onTell(made[one.value] ?? null);
            })
          }
        >
          <Plus size={14} aria-hidden="true" />
          {target && to ? t('list.create', { name: label(to.label) }) : t('import.new_option')}
        </Button>
      )}
    </li>
  );
}

/**
 * Makes what texts name that is not there yet: options of a field, as an
 * administrator would in the settings, or records that need nothing but a name,
 * such as departments. Members are not: who comes in is decided one by one.
 */
function useMaking(entity: Entity) {
  const client = useQueryClient();
  const problem = useProblemText();
  const me = useMe();
  const { entities } = useMeta();
  const known = useTargets(entity);
  const canMake = (one: Unknown) => {
    const field = known.get(one.field)?.field;
    const target = field?.settings.target;
    if (!field || one.several) return false;
    return target ? isNamedOnly(entities[target]) : me.admin;
  };
  /** Resolves with what each text means now; without those that could not be made. */
  async function all(key: string, texts: string[]): Promise<Record<string, string>> {
    const at = known.get(key);
    const target = at && entities[at.field.settings.target ?? ''];
    const made: Record<string, string> = {};
    try {
      if (!at) return made;
      if (!target) return await addOptions(at.of, at.field, texts);
      for (const text of texts) {
        const one = await records.create(target.name, { [target.title]: text });
        if ('id' in one) made[text] = String(one.id);
      }
    } catch (error) {
      toasts.warn(problem(error));
    } finally {
      if (target) await refresh(client, target.name);
      else await client.invalidateQueries({ queryKey: ['meta'] });
    }
    return made;
  }
  return { may: canMake, all };
}

/** Whether a record is made of its name alone, by the caller. */
function isNamedOnly(entity: Entity | undefined): boolean {
  const title = entity && fieldsOf(entity).get(entity.title);
  return (
    entity !== undefined &&
    entity.name !== 'org.member' &&
    title?.type === 'text' &&
    !title.read_only &&
    entity.fields.every((field) => !field.required || field.key === entity.title || field.default !== null) &&
    may(entity, 'create')
  );
}

/** Adds options to a field, in the dictionary that it uses; resolves with their codes. */
async function addOptions(entity: Entity, field: Field, texts: string[]): Promise<Record<string, string>> {
  const own = field.settings.same_as ?? `${entity.name}.${field.key}`;
  const dot = own.lastIndexOf('.');
  const path = `customize/entities/${own.slice(0, dot)}/fields/${own.slice(dot + 1)}`;
  const stored = await get<CountedDictionary>(`${path}/options`);
  const options = optionsOf(stored.options);
  const taken = new Set(options.map((option) => option.code));
  const codes: Record<string, string> = {};
  let n = options.length;
  for (const text of texts) {
    do n++;
    while (taken.has(`v${n}`));
    codes[text] = `v${n}`;
    options.push({ code: `v${n}`, label: { 'zh-CN': text, en: text } });
  }
  await sendTagged<unknown>(path, {
    method: 'PATCH',
    json: { settings: { options } },
    headers: { 'If-Match': `"${stored.tag}"` },
  });
  return codes;
}
