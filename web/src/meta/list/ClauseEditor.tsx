// Builds one filter clause: field, comparison, value. Fetched when first opened.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Ref } from '@/api/types';
import { type Clause, isCall, type Literal, type Operator } from '@/lib/filter';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { fieldsOf, useLabel } from '../context';
import { typeOf } from '../fields';
import { editorOf } from '../fields/editors';
import { RefField } from '../fields/reference/RefField';
import { filterable, operatorsOf, presetClause, presetOf, presets } from './filters';
import { targetOf } from './targets';

interface ClauseEditorProps {
  entity: Entity;
  clause?: Clause;
  onDone(clause: Clause): void;
}

export default function ClauseEditor({ entity, clause, onDone }: ClauseEditorProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = filterable(entity.fields);
  const [key, setKey] = useState<string | null>(clause?.field ?? null);
  const field = fieldsOf(entity).get(key ?? '');
  return (
    <div className="flex flex-col gap-3">
      <Select
        label={t('filter.field')}
        items={fields.map((one) => ({ id: one.key, name: label(one.label) }))}
        value={key}
        onChange={setKey}
        autoFocus
      />
      {field && (
        <Comparison
          key={field.key}
          field={field}
          clause={clause?.field === key ? clause : undefined}
          onDone={onDone}
        />
      )}
    </div>
  );
}

interface ComparisonProps {
  field: Field;
  clause?: Clause;
  onDone(clause: Clause): void;
}

function Comparison({ field, clause, onDone }: ComparisonProps) {
  const { t } = useTranslation();
  const offered = operatorsOf(field);
  const hasPresets = typeOf(field).filter === 'date';
  const [op, setOp] = useState<string>(
    (clause && (presetOf(clause)?.key ?? clause.op)) ?? (hasPresets ? 'month' : (offered[0] ?? '==')),
  );
  const [values, setValues] = useState<(Literal | Literal[])[]>(
    clause?.op === 'between' && Array.isArray(clause.value) ? clause.value : [clause?.value ?? null],
  );
  const preset = hasPresets ? presets.find((one) => one.key === op) : undefined;
  const isBare = op === 'is_null' || op === 'is_not_null';
  const items = [
    ...(hasPresets && offered.includes('between')
      ? presets.map((one) => ({ id: one.key, name: t(`filter.preset.${one.key}`) }))
      : []),
    ...offered.map((one) => ({ id: one, name: t(`filter.op.${one}`) })),
  ];
  const filled = values.slice(0, op === 'between' ? 2 : 1);
  const isReady =
    isBare ||
    preset ||
    (filled.every((v) => v !== null && v !== '' && !(Array.isArray(v) && v.length === 0)) &&
      (op !== 'between' || filled.length === 2));

  function done() {
    if (preset) return onDone(presetClause(field.key, preset));
    const value = isBare ? null : op === 'between' ? (filled as Literal[]) : (filled[0] ?? null);
    onDone({ field: field.key, op: op as Operator, value });
  }

  const put = (at: number, value: Literal | Literal[]) =>
    setValues((old) => Object.assign([...old], { [at]: value }));
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (isReady) done();
      }}
    >
      <Select
        label={t('filter.comparison')}
        items={items}
        value={op}
        onChange={(next) => setOp(next ?? '==')}
      />
      {!isBare && !preset && (
        <>
          <ValueEditor
            field={field}
            op={op}
            label={t(op === 'between' ? 'filter.from' : 'filter.value')}
            value={values[0] ?? null}
            onChange={(v) => put(0, v)}
          />
          {op === 'between' && (
            <ValueEditor
              field={field}
              op={op}
              label={t('filter.to')}
              value={values[1] ?? null}
              onChange={(v) => put(1, v)}
            />
          )}
        </>
      )}
      <Button type="submit" look="primary" isDisabled={!isReady}>
        {t('filter.apply')}
      </Button>
    </form>
  );
}

interface ValueEditorProps {
  field: Field;
  op: string;
  label: string;
  value: Literal | Literal[];
  onChange(value: Literal | Literal[]): void;
}

function ValueEditor(props: ValueEditorProps) {
  const { field, op, label, value, onChange } = props;
  const { t } = useTranslation();
  const kind = typeOf(field).filter;
  const target = targetOf(field);
  if (kind === 'reference' && target) return <RefValue {...props} target={target} />;
  if (kind === 'switch') {
    const items = [
      { id: 'true', name: t('form.yes') },
      { id: 'false', name: t('form.no') },
    ];
    return (
      <Select
        label={label}
        items={items}
        value={value === null ? null : String(value)}
        onChange={(v) => onChange(v === 'true')}
      />
    );
  }
  const many = op === 'in' || op === 'not_in';
  const type = kind === 'text' ? 'text' : field.type === 'instant' ? 'date' : field.type;
  const plain = { ...field, type, required: true, settings: { ...field.settings, many } };
  const Editor = editorOf(plain) ?? editorOf({ ...plain, type: 'text' });
  if (!Editor) return null;
  return (
    <Editor
      field={plain}
      label={label}
      value={isCall(value) ? null : value}
      onChange={(v) => onChange(v as Literal)}
    />
  );
}

function RefValue({ field, label, value, onChange, target }: ValueEditorProps & { target: string }) {
  const { t } = useTranslation();
  const special = field.type === 'member' ? 'me' : field.type === 'department' ? 'my_department' : undefined;
  const [chosen, setChosen] = useState<Ref[]>(typeof value === 'string' ? [{ id: value, label: value }] : []);
  const isSpecial = isCall(value);
  return (
    <div className="flex flex-col gap-2">
      <RefField
        label={label}
        target={target}
        value={isSpecial ? [] : chosen}
        onChange={(next) => {
          setChosen(next);
          onChange(next[0]?.id ?? null);
        }}
      />
      {special && (
        <Button
          look={isSpecial ? 'primary' : 'plain'}
          className="self-start"
          onPress={() => onChange({ fn: special, args: [] })}
        >
          {t(`filter.${special}`)}
        </Button>
      )}
    </div>
  );
}
