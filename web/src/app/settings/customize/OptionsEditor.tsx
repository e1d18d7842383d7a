import { Eye, EyeOff, Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { both, freeKey, moved, type OptionPatch } from './definition';
import { SortRow } from './SortRow';

interface OptionsEditorProps {
  options: OptionPatch[];
  onChange(options: OptionPatch[]): void;
  colors: string[];
  /** Options that records may hold already: they are hidden, not removed. */
  kept: ReadonlySet<string>;
  /** Options stand below others. */
  isTree?: boolean;
}

/** The entries of a dictionary: words, colour, order, whether they are still offered. */
export function OptionsEditor({ options, onChange, colors, kept, isTree }: OptionsEditorProps) {
  const { t } = useTranslation();
  const put = (at: number, part: Partial<OptionPatch>) =>
    onChange(options.map((one, i) => (i === at ? { ...one, ...part } : one)));
  const add = () =>
    onChange([
      ...options,
      {
        code: freeKey(
          '',
          options.map((one) => one.code),
          'option',
        ),
        label: both('', ''),
      },
    ]);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-meta font-medium text-ink-2">{t('settings.customize.options')}</p>
      <ul className="rounded-md border border-line">
        {options.map((option, at) => {
          const name = option.label['zh-CN'] || option.code;
          const Seen = option.hidden ? EyeOff : Eye;
          return (
            <SortRow
              key={option.code}
              kind="option"
              place={String(at)}
              name={name}
              isFirst={at === 0}
              isLast={at === options.length - 1}
              onStep={(by) => onChange(moved(options, at, at + by))}
              onDrop={(from) => onChange(moved(options, Number(from), at))}
            >
              <div
                className={cx(
                  'grid min-w-0 flex-1 grid-cols-[1fr_1fr_6.5rem] gap-1.5 py-1 max-desk:grid-cols-1',
                  isTree && 'grid-cols-[1fr_1fr_6.5rem_7.5rem]',
                  option.hidden && 'opacity-60',
                )}
              >
                <TextField
                  label={t('settings.customize.option_zh', { n: at + 1 })}
                  placeholder={t('settings.customize.label_zh')}
                  hideLabel
                  value={option.label['zh-CN'] ?? ''}
                  onChange={(text) =>
                    put(at, {
                      label: {
                        'zh-CN': text,
                        en: option.label.en === option.label['zh-CN'] ? text : (option.label.en ?? text),
                      },
                    })
                  }
                />
                <TextField
                  label={t('settings.customize.option_en', { n: at + 1 })}
                  placeholder={t('settings.customize.label_en')}
                  hideLabel
                  value={option.label.en ?? ''}
                  onChange={(en) => put(at, { label: { ...option.label, en } })}
                />
                <Select
                  label={t('settings.customize.option_color', { name })}
                  hideLabel
                  items={colors.map((id) => ({
                    id,
                    name: t(`settings.color.${id}`),
                    mark: <Dot color={id} />,
                  }))}
                  value={option.color ?? 'gray'}
                  onChange={(color) => put(at, { color: color ?? undefined })}
                />
                {isTree && (
                  <Select
                    label={t('settings.customize.option_parent', { name })}
                    placeholder={t('settings.customize.option_top')}
                    hideLabel
                    items={options
                      .filter((one) => one.code !== option.code && one.parent !== option.code)
                      .map((one) => ({ id: one.code, name: one.label['zh-CN'] || one.code }))}
                    value={option.parent ?? null}
                    onChange={(parent) => put(at, { parent: parent ?? undefined })}
                    canClear
                  />
                )}
              </div>
              {kept.has(option.code) ? (
                <IconButton
                  label={t(
                    option.hidden ? 'settings.customize.option_show' : 'settings.customize.option_hide',
                    { name },
                  )}
                  onPress={() => put(at, { hidden: !option.hidden })}
                >
                  <Seen size={15} aria-hidden="true" />
                </IconButton>
              ) : (
                <IconButton
                  label={t('action.remove_name', { name })}
                  onPress={() => onChange(options.filter((_, i) => i !== at))}
                >
                  <X size={15} aria-hidden="true" />
                </IconButton>
              )}
            </SortRow>
          );
        })}
      </ul>
      <Button className="self-start" onPress={add}>
        <Plus size={14} aria-hidden="true" />
        {t('settings.customize.add_option')}
      </Button>
    </div>
  );
}
