import { useTranslation } from 'react-i18next';
import type { Print } from '@/api/types';
import { Segmented } from '@/ui/Segmented';
import { Select } from '@/ui/Select';
import { Checkbox } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';

interface FormProps {
  print: Print;
  errors: Record<string, string>;
  onChange(print: Print): void;
}

const usual = [15, 15, 18, 15];

/** What can be said of the paper as a whole. */
export function PaperForm({ print, errors, onChange }: FormProps) {
  const { t } = useTranslation();
  const set = (more: Partial<Print>) => onChange({ ...print, ...more });
  const margins = print.margins?.length === 4 ? print.margins : usual;
  return (
    <div className="flex flex-col gap-4">
      {(['zh-CN', 'en'] as const).map((locale) => (
        <TextField
          key={locale}
          label={t(`settings.prints.name_${locale === 'en' ? 'en' : 'zh'}`)}
          isRequired={locale === 'zh-CN'}
          value={print.label?.[locale] ?? ''}
          onChange={(value) => set({ label: { ...print.label, [locale]: value } })}
          error={locale === 'zh-CN' ? errors.label : undefined}
        />
      ))}
      <Segmented
        label={t('settings.prints.language')}
        items={(['zh-CN', 'en', 'both'] as const).map((id) => ({
          id,
          name: t(`settings.prints.language_${id}`),
        }))}
        value={(print.language || 'zh-CN') as 'zh-CN'}
        onChange={(language) => set({ language })}
      />
      <Select
        label={t('settings.prints.paper')}
        items={['A4', 'A5', 'Letter'].map((id) => ({ id, name: id }))}
        value={print.paper || 'A4'}
        onChange={(paper) => set({ paper: paper ?? undefined })}
      />
      <Checkbox
        label={t('settings.prints.landscape')}
        isSelected={print.landscape ?? false}
        onChange={(isOn) => set({ landscape: isOn || undefined })}
      />
      <fieldset className="grid grid-cols-2 gap-3">
        <legend className="mb-1 text-meta font-medium text-ink-2">{t('settings.prints.margins')}</legend>
        {(['top', 'right', 'bottom', 'left'] as const).map((side, n) => (
          <TextField
            key={side}
            label={t(`settings.prints.margin_${side}`)}
            inputMode="numeric"
            value={String(margins[n])}
            onChange={(value) =>
              set({ margins: margins.map((old, i) => (i === n ? Number(value.replace(/\D/g, '')) : old)) })
            }
            error={n === 0 ? errors.margins : undefined}
          />
        ))}
      </fieldset>
      <div className="grid grid-cols-2 gap-3">
        <TextField
          label={t('settings.prints.size')}
          inputMode="numeric"
          value={print.size ? String(print.size) : ''}
          placeholder="9"
          onChange={(value) => set({ size: Number(value.replace(/\D/g, '')) || undefined })}
          error={errors.size}
        />
        <TextField
          label={t('settings.prints.accent')}
          value={print.accent ?? ''}
          onChange={(accent) => set({ accent: accent.toLowerCase() || undefined })}
          error={errors.accent}
        />
      </div>
      <Checkbox
        label={t('settings.prints.hide')}
        isSelected={print.hidden ?? false}
        onChange={(isOn) => set({ hidden: isOn || undefined })}
      />
    </div>
  );
}
