import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/meta/context';
import { Button, IconButton } from '@/ui/Button';
import { TextField } from '@/ui/TextField';
import { both, type FormTab, freeKey, type Group, moved } from './definition';

interface FormTabsEditorProps {
  tabs: FormTab[];
  groups: Group[];
  onChange(part: { groups?: Group[]; tabs?: FormTab[] }): void;
}

/** The tabs of a form: their names and order. A tab that goes leaves its groups above the others. */
export function FormTabsEditor({ tabs, groups, onChange }: FormTabsEditorProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const rename = (at: number, part: FormTab['label']) =>
    onChange({
      tabs: tabs.map((tab, i) => (i === at ? { ...tab, label: { ...tab.label, ...part } } : tab)),
    });
  const add = () => {
    const taken = [...tabs, ...groups].map((one) => one.key);
    const key = freeKey('', taken, 'tab');
    onChange({ tabs: [...tabs, { key, label: both(t('settings.customize.new_tab'), '') }] });
  };
  return (
    <section aria-label={t('settings.customize.tabs')} className="rounded-md border border-line p-3">
      <h3 className="font-semibold">{t('settings.customize.tabs')}</h3>
      <p className="mb-2 text-meta text-ink-3">{t('settings.customize.tabs_text')}</p>
      <ul className="flex flex-col gap-2">
        {tabs.map((tab, at) => (
          <li key={tab.key} className="flex items-end gap-1.5 max-desk:flex-wrap">
            <div className="min-w-0 flex-1">
              <TextField
                label={t('settings.customize.tab_zh')}
                hideLabel={at > 0}
                value={tab.label?.['zh-CN'] ?? ''}
                onChange={(text) => rename(at, { 'zh-CN': text })}
              />
            </div>
            <div className="min-w-0 flex-1">
              <TextField
                label={t('settings.customize.tab_en')}
                hideLabel={at > 0}
                value={tab.label?.en ?? ''}
                onChange={(en) => rename(at, { en })}
              />
            </div>
            <div className="flex max-desk:w-full max-desk:justify-end">
              <IconButton
                label={t('settings.order.up_name', { name: label(tab.label) })}
                isDisabled={at === 0}
                onPress={() => onChange({ tabs: moved(tabs, at, at - 1) })}
              >
                <ArrowUp size={15} aria-hidden="true" />
              </IconButton>
              <IconButton
                label={t('settings.order.down_name', { name: label(tab.label) })}
                isDisabled={at === tabs.length - 1}
                onPress={() => onChange({ tabs: moved(tabs, at, at + 1) })}
              >
                <ArrowDown size={15} aria-hidden="true" />
              </IconButton>
              <IconButton
                label={t('settings.customize.drop_tab', { name: label(tab.label) })}
                onPress={() =>
                  onChange({
                    tabs: tabs.filter((one) => one.key !== tab.key),
                    groups: groups.map((group) =>
                      group.tab === tab.key ? { ...group, tab: undefined } : group,
                    ),
                  })
                }
              >
                <Trash2 size={15} aria-hidden="true" />
              </IconButton>
            </div>
          </li>
        ))}
      </ul>
      <Button look="quiet" className="mt-2 -ml-2" onPress={add}>
        <Plus size={14} aria-hidden="true" />
        {t('settings.customize.add_tab')}
      </Button>
    </section>
  );
}
