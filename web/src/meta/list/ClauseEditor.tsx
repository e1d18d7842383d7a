// Builds one filter clause: field, comparison, value. Fetched when first opened.
import { Check, Plus, X } from 'lucide-react';
import { createContext, useContext, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Ref } from '@/api/types';
import { parseInteger } from '@/lib/digits';
import { type Call, type Clause, isCall, type Literal, type Operator } from '@/lib/filter';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { fieldsOf, useLabel } from '../context';
import { typeOf } from '../fields';
import { editorOf } from '../fields/editors';
import { RefField } from '../fields/reference/RefField';
import { callWords, filterable, operatorName, operatorsOf, presetOf, presets } from './filters';
import { targetOf } from './targets';
import { useRefLabels } from './useRefLabels';

/** Only values that are the same for everybody: no "me"; true: and at any time: no "this month". */
export const FixedValues = createContext<boolean | 'moments'>(false);

interface ClauseEditorProps {
  entity: Entity;
  clause?: Clause;
  onDone(clause: Clause): void;
}

/** A clause in a small form of its own, with a button that applies it. */
export default function ClauseEditor({ entity, clause, onDone }: ClauseEditorProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<Partial<Clause>>(clause ?? {});
  const whole = wholeClause(draft);
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (whole) onDone(whole);
      }}
    >
      <ClauseFields entity={entity} clause={draft} onChange={setDraft} autoFocus />
      {draft.field && (
        <Button type="submit" look="primary" isDisabled={!whole}>
          {t('filter.apply')}
        </Button>
      )}
    </form>
  );
}

/** The clause if nothing of it is missing. */
export function wholeClause({ field, op, value }: Partial<Clause>): Clause | undefined {
  if (!field || !op) return undefined;
  if (op === 'is_null' || op === 'is_not_null') return { field, op, value: null };
  const values = [value ?? null].flat();
  const isPair = op === 'between' || op === 'not_between' || op === 'within';
  if (values.length === 0 || values.some((one) => one === null || one === '')) return undefined;
  if (isPair && values.length < 2) return undefined;
  return { field, op, value: value ?? null };
}

interface ClauseFieldsProps {
  entity: Entity;
  clause: Partial<Clause>;
  onChange(clause: Partial<Clause>): void;
  autoFocus?: boolean;
  /** Beside each other and without their names on show, as a row of the builder. */
  isRow?: boolean;
}

export function ClauseFields({ entity, clause, onChange, autoFocus, isRow }: ClauseFieldsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const isFixed = useContext(FixedValues);
  const field = fieldsOf(entity).get(clause.field ?? '');
  return (
    <>
      <Select
        label={t('filter.field')}
        hideLabel={isRow}
        items={filterable(entity.fields).map((one) => ({ id: one.key, name: label(one.label) }))}
        value={clause.field ?? null}
        onChange={(key) => {
          const next = fieldsOf(entity).get(key ?? '');
          if (next && key !== clause.field) onChange(beginning(next, isFixed === true));
        }}
        autoFocus={autoFocus}
      />
      {field && <Comparison key={field.key} {...{ field, clause, onChange, isRow }} />}
    </>
  );
}

function beginning(field: Field, isFixed: boolean): Partial<Clause> {
  const preset =
    !isFixed && typeOf(field).filter === 'date' && presets.find((one) => one.key === 'this_month');
  if (preset && operatorsOf(field).includes('between')) return preset.clause(field.key, 0);
  return { field: field.key, op: operatorsOf(field)[0] ?? '==', value: null };
}

interface ComparisonProps {
  field: Field;
  clause: Partial<Clause>;
  onChange(clause: Partial<Clause>): void;
  isRow?: boolean;
}

/** "is" on a field that is asked by lists is a list of one. */
function asList(field: Field, clause: Partial<Clause>): Partial<Clause> {
  const offered = operatorsOf(field);
  if (clause.op === '==' && !offered.includes('==') && offered.includes('in'))
    return { ...clause, op: 'in', value: [clause.value ?? []].flat() as Literal[] };
  if (clause.op === '!=' && !offered.includes('!=') && offered.includes('not_in'))
    return { ...clause, op: 'not_in', value: [clause.value ?? []].flat() as Literal[] };
  return clause;
}

function Comparison({ field, clause: given, onChange, isRow }: ComparisonProps) {
  const { t } = useTranslation();
  const clause = asList(field, given);
  const offered = operatorsOf(field);
  const found = clause.op && presetOf({ value: null, ...clause } as Clause);
  const op = clause.op ?? '==';
  const isFixed = useContext(FixedValues);
  const hasPresets = isFixed !== true && typeOf(field).filter === 'date' && offered.includes('between');
  const items = [
    ...(hasPresets ? presets.map((one) => ({ id: one.key, name: t(`filter.preset_name.${one.key}`) })) : []),
    ...[...new Set([...offered, ...(found ? [] : [op])])].map((one) => ({
      id: one,
      name: operatorName(one, field, t),
    })),
  ];
  function pick(id: string | null) {
    const preset = presets.find((one) => one.key === id);
    if (preset) return onChange(preset.clause(field.key, preset.days ?? 0));
    const next = (id ?? '==') as Operator;
    const many = (one: string) => one === 'in' || one === 'not_in';
    const keeps = !found && many(next) === many(op) && next.includes('between') === op.includes('between');
    onChange({ field: field.key, op: next, value: keeps ? (clause.value ?? null) : null });
  }
  return (
    <>
      <Select
        label={t('filter.comparison')}
        hideLabel={isRow}
        items={items}
        value={found ? found.preset.key : op}
        onChange={pick}
      />
      {found ? (
        found.preset.days !== undefined && (
          <Days
            isRow={isRow}
            days={found.days}
            onChange={(days) => onChange(found.preset.clause(field.key, days))}
          />
        )
      ) : (
        <Values {...{ field, clause, isRow }} op={op} onChange={onChange} />
      )}
    </>
  );
}

function Days({ days, onChange, isRow }: { days: number; onChange(days: number): void; isRow?: boolean }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(String(days));
  return (
    <TextField
      label={t('filter.days')}
      hideLabel={isRow}
      inputMode="numeric"
      figures
      suffix={t('filter.days_unit')}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        const n = parseInteger(text);
        if (n !== null && n > 0 && n <= 36_500) onChange(n);
      }}
    />
  );
}

interface ValuesProps extends ComparisonProps {
  op: Operator;
}

function Values({ field, clause, op, onChange, isRow }: ValuesProps) {
  const { t } = useTranslation();
  if (op === 'is_null' || op === 'is_not_null') return null;
  const isPair = op === 'between' || op === 'not_between' || op === 'within';
  const values = isPair ? [clause.value ?? []].flat() : [];
  const put = (at: number, value: Literal) => {
    const next: Literal[] = [values[0] ?? null, values[1] ?? null];
    next[at] = value;
    onChange({ ...clause, op, value: next });
  };
  if (!isPair)
    return (
      <ValueEditor
        {...{ field, op, isRow }}
        label={t('filter.value')}
        value={clause.value ?? null}
        onChange={(value) => onChange({ ...clause, op, value })}
      />
    );
  return (
    <>
      {[0, 1].map((at) => (
        <ValueEditor
          key={at}
          {...{ field, op, isRow }}
          label={t(at === 0 ? 'filter.from' : 'filter.to')}
          value={values[at] ?? null}
          onChange={(value) => put(at, value as Literal)}
        />
      ))}
    </>
  );
}

interface ValueEditorProps {
  field: Field;
  op: string;
  label: string;
  isRow?: boolean;
  value: Literal | Literal[];
  onChange(value: Literal | Literal[]): void;
}

function ValueEditor(props: ValueEditorProps) {
  const { field, op, label, isRow, value, onChange } = props;
  const { t } = useTranslation();
  const kind = typeOf(field).filter;
  const target = targetOf(field);
  const many = op === 'in' || op === 'not_in';
  if (kind === 'reference' && target) return <RefValue {...props} target={target} many={many} />;
  if (kind === 'switch') {
    return (
      <Select
        label={label}
        hideLabel={isRow}
        items={[
          { id: 'true', name: t('form.yes') },
          { id: 'false', name: t('form.no') },
        ]}
        value={value === null ? null : String(value)}
        onChange={(v) => onChange(v === 'true')}
      />
    );
  }
  if (isCall(value)) return <Moment {...{ label, isRow, onChange }} call={value} />;
  if (kind === 'text' && many) return <Words {...{ label, isRow, value, onChange }} />;
  const type = kind === 'text' ? 'text' : field.type === 'instant' ? 'date' : field.type;
  const plain = { ...field, type, required: true, settings: { ...field.settings, many } };
  const Editor = editorOf(plain) ?? editorOf({ ...plain, type: 'text' });
  if (!Editor) return null;
  return (
    <Editor
      field={plain}
      label={label}
      hideLabel={isRow}
      value={value}
      onChange={(v) => onChange(v as Literal)}
    />
  );
}

/** A day that moves along with today ("3 天前", "本月初"): said in words, and given up for one that stays. */
function Moment({
  call,
  label,
  isRow,
  onChange,
}: Pick<ValueEditorProps, 'label' | 'isRow' | 'onChange'> & { call: Call }) {
  const { t } = useTranslation();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      {!isRow && <span className="text-meta font-medium text-ink-2">{label}</span>}
      <span className="control justify-between gap-1.5">
        <span className="truncate">{callWords(call, t)}</span>
        <IconButton label={t('filter.other_day')} className="-mr-1.5 !size-6" onPress={() => onChange(null)}>
          <X size={13} aria-hidden="true" />
        </IconButton>
      </span>
    </div>
  );
}

/** Several words, apart by commas, ideographic ones too. */
function Words({ label, isRow, value, onChange }: Omit<ValueEditorProps, 'field' | 'op'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState([value ?? []].flat().join(t('list.separator')));
  return (
    <TextField
      label={label}
      hideLabel={isRow}
      help={isRow ? undefined : t('filter.words')}
      value={typed}
      onChange={(text) => {
        setTyped(text);
        onChange(
          text
            .split(/[,，、;；\n]/)
            .map((word) => word.trim())
            .filter(Boolean),
        );
      }}
    />
  );
}

const specials: Record<string, string> = { member: 'me', department: 'my_department' };

function RefValue({
  field,
  label,
  isRow,
  value,
  onChange,
  target,
  many,
}: ValueEditorProps & { target: string; many: boolean }) {
  const { t } = useTranslation();
  const isFixed = useContext(FixedValues);
  const special = isFixed ? undefined : specials[field.type];
  const values = [value ?? []].flat();
  const ids = values.filter((one) => typeof one === 'string');
  const calls = values.filter(isCall);
  const name = useRefLabels(ids.map((id) => ({ field, id })));
  const put = (refs: string[], others: Call[]) => {
    const all: Literal[] = [...others, ...refs];
    onChange(many ? all : (all.at(-1) ?? null));
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <RefField
        label={label}
        hideLabel={isRow}
        target={target}
        many={many}
        value={ids.map((id): Ref => ({ id, label: name(id) }))}
        onChange={(next) =>
          put(
            next.flatMap((ref) => ref.id ?? []),
            many ? calls : [],
          )
        }
      />
      {special && (
        <Button
          look="quiet"
          aria-pressed={calls.length > 0}
          className={cx(
            '!h-7 self-start !px-2 pointer-coarse:!h-9',
            calls.length > 0 && 'bg-accent-wash !text-accent-ink',
          )}
          onPress={() => put(many ? ids : [], calls.length > 0 ? [] : [{ fn: special, args: [] }])}
        >
          {calls.length > 0 ? <Check size={13} aria-hidden="true" /> : <Plus size={13} aria-hidden="true" />}
          {t(`filter.${special}`)}
        </Button>
      )}
    </div>
  );
}
