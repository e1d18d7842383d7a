import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Locale, zoneText } from '@/lib/format';
import { ComboBox } from '@/ui/ComboBox';
import type { FieldProps } from '@/ui/parts';
import type { Choice } from '@/ui/Select';

interface ZoneFieldProps extends FieldProps {
  value: string;
  onChange(value: string): void;
  locale: Locale;
}

/** Where most companies that use this work; they stand first. */
const near = ['Asia/Shanghai', 'Asia/Hong_Kong', 'Asia/Taipei', 'Asia/Singapore', 'Asia/Tokyo'];

/** A time zone, found by its name in the member's language, its city or its distance from UTC. */
export function ZoneField({ value, onChange, locale, ...props }: ZoneFieldProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const items = useMemo<Choice[]>(() => {
    const all = new Set([...near, value, ...Intl.supportedValuesOf('timeZone')]);
    return [...all].filter(Boolean).map((id) => ({ id, name: zoneText(id, locale) }));
  }, [locale, value]);
  const name = zoneText(value, locale);
  const words = typed === null || typed === name ? [] : typed.toLowerCase().split(/\s+/);
  const fits = (item: Choice) => words.every((word) => item.name.toLowerCase().includes(word));
  return (
    <ComboBox
      {...props}
      placeholder={t('settings.zone.find')}
      items={items.filter(fits)}
      text={typed ?? name}
      onText={setTyped}
      value={value}
      onChange={(next) => {
        setTyped(null);
        if (next) onChange(next);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}
