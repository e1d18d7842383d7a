import { Group } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { labelClass } from '@/ui/parts';
import { Select } from '@/ui/Select';
import { useRegions } from '../../data';
import type { EditorProps } from '../types';
import { wayTo } from './way';

/** Province, city, county: each choice offers what lies in the one before. */
export function RegionEditor({
  field,
  value,
  onChange,
  label,
  hideLabel,
  isRequired,
  error,
  isDisabled,
}: EditorProps) {
  const { t } = useTranslation();
  const regions = useRegions() ?? [];
  const way = typeof value === 'string' ? wayTo(regions, value) : [];
  const depth = field.settings.region_level || 3;
  const levels = ['province', 'city', 'county'].slice(0, depth);
  return (
    <Group aria-label={label} className="flex min-w-0 flex-col gap-1">
      {!hideLabel && (
        <span className={labelClass}>
          {label}
          {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
        </span>
      )}
      <div className="grid gap-2" style={{ gridTemplateColumns: `repeat(${levels.length}, minmax(0, 1fr))` }}>
        {levels.map((level, i) => {
          const offered = i === 0 ? regions : (way[i - 1]?.children ?? []);
          return (
            <Select
              key={level}
              label={`${label} ${t(`region.${level}`)}`}
              hideLabel
              placeholder={t(`region.${level}`)}
              items={offered.map((region) => ({ id: region.code, name: region.name }))}
              value={way[i]?.code ?? null}
              onChange={(code) => onChange(code ?? way[i - 1]?.code ?? null)}
              isDisabled={isDisabled || offered.length === 0}
              canClear
              error={i === 0 ? error : undefined}
            />
          );
        })}
      </div>
    </Group>
  );
}
