// When a field is shown, or must be filled: always, never, or where a condition
// over other fields of the record holds.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { type Clause, type Filter, filterText, type Group, parseFilter } from '@/lib/filter';
import type { Condition } from '@/meta/condition';
import { useContexts } from '@/meta/context';
import { FixedValues } from '@/meta/list/ClauseEditor';
import { type DraftGroup, draftOf, GroupRows, halves, keyed, wholeOf } from '@/meta/list/FilterTree';
import { filterWords, namedIn } from '@/meta/list/filters';
import { useRefLabels } from '@/meta/list/useRefLabels';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import type { Definition } from './definition';

interface RuleFieldProps {
  entity: Definition;
  /** The key of the field that the condition is about. */
  of: string;
  kind: 'visible' | 'required';
  /** The condition as a filter is written; "" for none. null: not finished, must not be saved. */
  text: string | null;
  onChange(text: string | null): void;
  /** What the program itself says. */
  builtIn?: Condition;
  error?: string;
}

const noRegion = (code: string) => code;

/** The entity as conditions see it: the fields that they can ask, in the ways that they can. */
function asked(entity: Definition, of: string): Entity {
  const fields = entity.fields
    .filter((one) => !one.retired && one.field.key !== of && one.rule_ops.length > 0)
    .map((one) => ({ ...one.field, filter_ops: one.rule_ops as typeof one.field.filter_ops }));
  return { name: entity.name, fields } as unknown as Entity;
}

/** A condition of the metadata as a filter, to be read out. */
function filterOf(condition: Condition): Filter {
  if ('and' in condition) return { joint: 'and', kids: condition.and.map(filterOf) };
  if ('or' in condition) return { joint: 'or', kids: condition.or.map(filterOf) };
  const op = condition.op.replaceAll(' ', '_') as Clause['op'];
  return { field: condition.field, op, value: (condition.value ?? null) as Clause['value'] };
}

export default function RuleField({ entity, of, kind, text, onChange, builtIn, error }: RuleFieldProps) {
  const { t } = useTranslation();
  const contexts = useContexts(noRegion);
  const seen = asked(entity, of);
  const all = new Map(entity.fields.map((one) => [one.field.key, one.field]));
  const [isOn, setOn] = useState(Boolean(text));
  const [began] = useState(() => parseFilter(text ?? ''));
  const [draft, setDraft] = useState<DraftGroup>(() => {
    const first = draftOf(began ?? { joint: 'and', kids: [] }) as DraftGroup;
    return first.kids.length > 0 ? first : { ...first, kids: [keyed({})] };
  });
  const whole = (wholeOf(draft) ?? { joint: 'and', kids: [] }) as Group;
  const fixed = builtIn && filterOf(builtIn);
  const named = fixed ? { joint: 'and' as const, kids: [whole, fixed] } : whole;
  const refLabel = useRefLabels(namedIn(named, all));
  const words = { contexts, fields: all, refLabel };
  const read = filterText(whole);
  function put(next: DraftGroup) {
    setDraft(next);
    const filter = wholeOf(next) as Group | undefined;
    const isWhole = halves(next) === 0 && filter && filterText(filter) !== '';
    onChange(isWhole ? filterText(filter) : null);
  }
  return (
    <div className="flex flex-col gap-2">
      <Select
        label={t(`settings.customize.rule_${kind}`)}
        help={isOn ? t(`settings.customize.rule_${kind}_help`) : undefined}
        items={[
          {
            id: 'off',
            name: t(builtIn ? 'settings.customize.rule_no_more' : `settings.customize.rule_${kind}_off`),
          },
          { id: 'on', name: t(`settings.customize.rule_${kind}_on`) },
        ]}
        value={isOn ? 'on' : 'off'}
        onChange={(value) => {
          setOn(value === 'on');
          if (value === 'on') put(draft);
          else onChange('');
        }}
        error={error}
      />
      {fixed && (
        <p className="text-meta text-ink-3">
          {t('settings.customize.rule_built_in', { rule: filterWords(fixed, words) })}
        </p>
      )}
      {isOn &&
        (began === null ? (
          <TextField
            label={t('settings.customize.rule_text')}
            value={text ?? ''}
            onChange={(typed) => onChange(typed.trim() === '' ? null : typed)}
            lines={2}
          />
        ) : (
          <FixedValues.Provider value={true}>
            <fieldset
              aria-label={t(`settings.customize.rule_${kind}`)}
              className="rounded-md border border-line p-2.5"
            >
              <GroupRows entity={seen} group={draft} onChange={put} depth={0} />
              <p aria-live="polite" className="mt-2 text-meta text-ink-2">
                {text === null || !read ? t('filter.unfinished') : filterWords(whole, words)}
              </p>
            </fieldset>
          </FixedValues.Provider>
        ))}
    </div>
  );
}
