import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { cx } from '@/ui/cx';
import { ScrollArea } from '@/ui/ScrollArea';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { useKinds } from '../useKinds';
import type { FieldRight } from './rights';

const levels = ['', 'hidden', 'masked', 'read', 'write'];

interface FieldRightsProps {
  fields: FieldRight[];
  onChange(fields: FieldRight[]): void;
}

/** What a role may do with single fields of an entity. */
export function FieldRights({ fields, onChange }: FieldRightsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const kinds = useKinds().flatMap((group) => group.kinds);
  // The first that this role has something to say of, as the list has them.
  const [name, setName] = useState<string>(
    kinds.find((one) => fields.some((right) => right.entity === one)) ?? kinds[0] ?? '',
  );
  const [typed, setTyped] = useState('');
  const entity = entities[name] ?? Object.values(entities)[0];
  if (!entity) return null;
  const words = typed.trim().toLowerCase();
  const counts = new Map<string, number>();
  for (const { entity: of } of fields) counts.set(of, (counts.get(of) ?? 0) + 1);
  const levelOf = (field: string) =>
    fields.find((one) => one.entity === entity.name && one.field === field)?.level ?? '';
  const put = (field: string, level: string) => {
    const rest = fields.filter((one) => one.entity !== entity.name || one.field !== field);
    onChange(level === '' ? rest : [...rest, { entity: entity.name, field, level }]);
  };
  return (
    <ScrollArea label={t('settings.roles.tab_fields')} className="h-full">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5">
        <p className="text-ink-2">{t('settings.roles.fields_text')}</p>
        <div className="grid grid-cols-1 gap-3 desk:grid-cols-2">
          <Select
            label={t('settings.roles.entity')}
            items={kinds
              .flatMap((one) => entities[one] ?? [])
              .map((one) => ({
                id: one.name,
                name: counts.has(one.name)
                  ? t('settings.roles.with_rights', { name: label(one.label), count: counts.get(one.name) })
                  : label(one.label),
              }))}
            value={entity.name}
            onChange={(next) => setName(next ?? name)}
          />
          <TextField label={t('settings.roles.find_field')} type="search" value={typed} onChange={setTyped} />
        </div>
        <ul className="rounded-md border border-line">
          {entity.fields
            .filter(
              (field) => !field.system && `${label(field.label)} ${field.key}`.toLowerCase().includes(words),
            )
            .map((field) => {
              const level = levelOf(field.key);
              return (
                <li
                  key={field.key}
                  className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5 last:border-b-0"
                >
                  <span className="min-w-32 flex-1">
                    <span className={cx(level !== '' && 'font-medium')}>{label(field.label)}</span>
                    <span className="ml-2 font-mono text-meta text-ink-3">{field.key}</span>
                  </span>
                  <fieldset className="flex flex-wrap rounded-sm border border-line-strong p-px">
                    <legend className="sr-only">
                      {t('settings.roles.level_of', { name: label(field.label) })}
                    </legend>
                    {levels.map((one) => (
                      <button
                        key={one}
                        type="button"
                        aria-pressed={one === level}
                        onClick={() => put(field.key, one)}
                        className={cx(
                          'h-6 rounded-[4px] px-2 text-meta pointer-coarse:h-9',
                          one === level
                            ? 'bg-accent font-medium text-on-accent'
                            : 'text-ink-2 hover:bg-hover hover:text-ink',
                        )}
                      >
                        {t(`settings.roles.level_${one || 'default'}`)}
                      </button>
                    ))}
                  </fieldset>
                </li>
              );
            })}
        </ul>
      </div>
    </ScrollArea>
  );
}
