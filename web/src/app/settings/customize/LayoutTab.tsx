import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/meta/context';
import { Button, IconButton } from '@/ui/Button';
import { ScrollArea } from '@/ui/ScrollArea';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { both, type Definition, type FormTab, freeKey, type Group, moved } from './definition';
import { FormTabsEditor } from './FormTabsEditor';
import { SortRow } from './SortRow';

/** In the place of a tab: above all of them. */
const above = '-';

interface LayoutTabProps {
  entity: Definition;
  groups: Group[];
  tabs: FormTab[];
  onChange(part: { groups?: Group[]; tabs?: FormTab[] }): void;
}

/** The form: its groups, and the order of the fields in them. */
export function LayoutTab({ entity, groups, tabs, onChange: change }: LayoutTabProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = new Map(entity.fields.map((one) => [one.field.key, one]));
  const onChange = (next: Group[]) => change({ groups: next });
  const put = (at: number, part: Partial<Group>) =>
    onChange(groups.map((group, i) => (i === at ? { ...group, ...part } : group)));
  /** A field, named "group index", comes to a place in a group. */
  const carry = (from: string, to: number, at: number) => {
    const [group = 0, index = 0] = from.split(' ').map(Number);
    const key = groups[group]?.fields[index];
    if (key === undefined) return;
    onChange(
      groups.map((one, i) => {
        const rest = one.fields.filter((other) => other !== key);
        return i === to ? { ...one, fields: rest.toSpliced(at, 0, key) } : { ...one, fields: rest };
      }),
    );
  };
  const drop = (at: number) => {
    const gone = groups[at];
    const rest = groups.filter((_, i) => i !== at);
    const [head, ...others] = rest;
    if (gone && head) onChange([{ ...head, fields: [...head.fields, ...gone.fields] }, ...others]);
  };
  return (
    <ScrollArea label={t('settings.customize.tab_form')} className="h-full">
      <div className="mx-auto flex max-w-3xl flex-col gap-4 px-4 py-5">
        <p className="text-ink-2">{t('settings.customize.form_text')}</p>
        <FormTabsEditor tabs={tabs} groups={groups} onChange={change} />
        {groups.map((group, at) => (
          <section key={group.key} aria-label={label(group.label)} className="rounded-md border border-line">
            <div className="flex flex-wrap items-end gap-2 rounded-t-md border-b border-line bg-sunken p-2">
              <div className="min-w-32 flex-1">
                <TextField
                  label={t('settings.customize.group_zh')}
                  value={group.label?.['zh-CN'] ?? ''}
                  onChange={(text) => put(at, { label: { ...group.label, 'zh-CN': text } })}
                />
              </div>
              <div className="min-w-32 flex-1">
                <TextField
                  label={t('settings.customize.group_en')}
                  value={group.label?.en ?? ''}
                  onChange={(en) => put(at, { label: { ...group.label, en } })}
                />
              </div>
              <div className="w-24">
                <Select
                  label={t('settings.customize.columns')}
                  items={['1', '2', '3', '4'].map((id) => ({ id, name: id }))}
                  value={String(group.columns)}
                  onChange={(value) => put(at, { columns: Number(value ?? 2) })}
                />
              </div>
              {tabs.length > 0 && (
                <div className="w-36">
                  <Select
                    label={t('settings.customize.in_tab')}
                    items={[
                      { id: above, name: t('settings.customize.no_tab') },
                      ...tabs.map((tab) => ({ id: tab.key, name: label(tab.label) })),
                    ]}
                    value={group.tab ?? above}
                    onChange={(value) => put(at, { tab: value && value !== above ? value : undefined })}
                  />
                </div>
              )}
              <div className="ml-auto flex">
                <IconButton
                  label={t('settings.order.up_name', { name: label(group.label) })}
                  isDisabled={at === 0}
                  onPress={() => onChange(moved(groups, at, at - 1))}
                >
                  <ArrowUp size={15} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t('settings.order.down_name', { name: label(group.label) })}
                  isDisabled={at === groups.length - 1}
                  onPress={() => onChange(moved(groups, at, at + 1))}
                >
                  <ArrowDown size={15} aria-hidden="true" />
                </IconButton>
                <IconButton
                  label={t('settings.customize.drop_group', { name: label(group.label) })}
                  isDisabled={groups.length === 1}
                  onPress={() => drop(at)}
                >
                  <Trash2 size={15} aria-hidden="true" />
                </IconButton>
              </div>
            </div>
            <ul
              className="min-h-9"
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) =>
                carry(event.dataTransfer.getData('application/x-guanxi-field'), at, group.fields.length)
              }
            >
              {group.fields.map((key, i) => {
                const field = fields.get(key)?.field;
                const name = label(field?.label) || key;
                return (
                  <SortRow
                    key={key}
                    kind="field"
                    place={`${at} ${i}`}
                    name={name}
                    isFirst={i === 0}
                    isLast={i === group.fields.length - 1}
                    onStep={(by) => put(at, { fields: moved(group.fields, i, i + by) })}
                    onDrop={(from) => carry(from, at, i)}
                    entries={groups
                      .filter((_, to) => to !== at)
                      .map((other, n) => ({
                        id: other.key,
                        name: t('settings.customize.to_group', { name: label(other.label) }),
                        divided: n === 0,
                        onAction: () => carry(`${at} ${i}`, groups.indexOf(other), other.fields.length),
                      }))}
                  >
                    <span className="truncate">{name}</span>
                    <span className="truncate font-mono text-meta text-ink-3">{key}</span>
                    {field?.required && <span className="text-meta text-ink-3">{t('form.required')}</span>}
                  </SortRow>
                );
              })}
            </ul>
          </section>
        ))}
        <Button
          className="self-start"
          onPress={() =>
            onChange([
              ...groups,
              {
                key: freeKey(
                  '',
                  groups.map((one) => one.key),
                  'group',
                ),
                label: both(t('settings.customize.new_group'), ''),
                fields: [],
                columns: 2,
              },
            ])
          }
        >
          <Plus size={14} aria-hidden="true" />
          {t('settings.customize.add_group')}
        </Button>
      </div>
    </ScrollArea>
  );
}
