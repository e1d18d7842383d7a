import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '@/ui/Select';
import { useLabel, useMeta } from '../../context';
import { refs } from '../reference';
import { RefField } from '../reference/RefField';
import type { EditorProps } from '../types';

/** First what kind of record, then which one. */
export function AnyRefEditor({ field, value, onChange, label: name, ...props }: EditorProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const ref = refs(value)[0];
  const targets = (field.settings?.targets ?? []).filter((target) => entities[target]);
  const [kind, setKind] = useState(ref?.type ?? targets[0] ?? '');
  return (
    <div className="grid grid-cols-[8rem_1fr] items-start gap-2">
      <Select
        label={t('form.kind', { name })}
        items={targets.map((target) => ({ id: target, name: label(entities[target]?.label) }))}
        value={kind}
        onChange={(next) => {
          setKind(next ?? '');
          onChange(null);
        }}
      />
      <RefField
        {...props}
        label={name}
        target={kind}
        value={ref ? [ref] : []}
        onChange={([chosen]) => onChange(chosen ? { ...chosen, type: kind } : null)}
      />
    </div>
  );
}
