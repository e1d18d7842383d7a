import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { useLabel } from '../context';
import { fixedOf, type Target, withFixed } from './targets';

interface FixedProps {
  targets: Map<string, Target>;
  map: Record<string, string>;
  onChange(map: Record<string, string>): void;
}

/** What every row gets though no column says it: orders of the past are done, all in one currency. */
export function Fixed({ targets, map, onChange }: FixedProps) {
  const { t } = useTranslation();
  const [added, setAdded] = useState<string[]>([]);
  const told = fixedOf(map).filter((one) => targets.has(one.path));
  const rows = [
    ...told,
    ...added.filter((path) => !told.some((one) => one.path === path)).map((path) => ({ path, text: '' })),
  ];
  const taken = new Set([...Object.values(map), ...added]);
  const free = [...targets.values()].filter((one) => !taken.has(one.path));
  return (
    <section className="flex flex-col gap-2">
      <div>
        <h2 className="font-medium">{t('import.fixed')}</h2>
        <p className="text-ink-2">{t('import.fixed_text')}</p>
      </div>
      {rows.map(({ path, text }) => {
        const at = targets.get(path) as Target;
        return (
          <div key={path} className="flex items-end gap-1">
            <div className="min-w-0 flex-1 desk:max-w-80">
              <Value at={at} text={text} onChange={(next) => onChange(withFixed(map, path, next))} />
            </div>
            <Button
              look="quiet"
              aria-label={t('import.fixed_remove', { field: at.name })}
              onPress={() => {
                setAdded(added.filter((one) => one !== path));
                onChange(withFixed(map, path, ''));
              }}
            >
              <X size={14} aria-hidden="true" />
            </Button>
          </div>
        );
      })}
      <div className="desk:max-w-80">
        <Select
          label={t('import.fixed_field')}
          hideLabel
          placeholder={t('import.fixed_field')}
          items={free.map((one) => ({ id: one.path, name: one.name }))}
          value={null}
          onChange={(path) => path && setAdded([...added, path])}
        />
      </div>
    </section>
  );
}

interface ValueProps {
  at: Target;
  text: string;
  onChange(text: string): void;
}

/** An option where the field has some, else a text that is taken when one leaves it. */
function Value({ at, text, onChange }: ValueProps) {
  const label = useLabel();
  const [typed, setTyped] = useState(text);
  const options = (at.field.settings.options ?? []).filter((option) => option.active);
  if (options.length > 0) {
    return (
      <Select
        label={at.name}
        items={options.map((option) => ({ id: option.code, name: label(option.label) }))}
        value={text || null}
        onChange={(code) => onChange(code ?? '')}
      />
    );
  }
  return (
    <TextField label={at.name} value={typed} onChange={setTyped} onBlur={() => onChange(typed.trim())} />
  );
}
