import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post, remove } from '@/api/client';
import { useLabel, useMeta } from '@/meta/context';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Dialog';
import { Icon, iconNames } from '@/ui/Icon';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';
import { both, customized, type Definition, freeKey } from './definition';

/** Makes a kind of records, or changes the words and icon of one. */
export function EntityDialog({ entity, onClose }: { entity?: Definition; onClose(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { entities } = useMeta();
  const saving = useSaving();
  const { errors, save } = saving;
  const [zh, setZh] = useState(entity?.label['zh-CN'] ?? '');
  const [en, setEn] = useState(entity?.label.en ?? '');
  const [icon, setIcon] = useState<string | null>(entity?.icon ?? 'box');
  const [typedName, setTypedName] = useState<string | null>(null);
  const [shared, setShared] = useState(false);
  const [retiring, setRetiring] = useState(false);
  const taken = Object.keys(entities).map((one) => one.slice(one.indexOf('.') + 1));
  const name = typedName ?? freeKey(en, taken, 'list');

  async function submit() {
    const words = both(zh, en);
    const done = await save(
      async () => {
        if (entity) {
          await patch(
            `customize/entities/${entity.name}`,
            { label: words, plural: words, icon },
            {
              'If-Match': `"${entity.tag}"`,
            },
          );
          await customized(client, entity.name);
          return;
        }
        await post('customize/entities', { name, label: words, plural: words, title: 'name', icon, shared });
        await post(`customize/entities/x.${name}/fields`, {
          key: 'name',
          type: 'text',
          label: entities['org.position']?.fields.find((field) => field.key === 'name')?.label ?? words,
          required: true,
          search: true,
        });
        await customized(client, `x.${name}`);
      },
      entity ? undefined : t('settings.customize.entity_made'),
    );
    if (!done) return;
    onClose();
    if (!entity) await navigate({ to: `/settings/customize/x/${name}` });
  }

  async function retire() {
    if (!entity) return;
    const done = await save(async () => {
      await remove(`customize/entities/${entity.name}`);
      await client.invalidateQueries({ queryKey: ['meta'] });
      await client.invalidateQueries({ queryKey: ['customized'] });
    }, t('settings.customize.retired_now'));
    if (!done) return;
    onClose();
    await navigate({ to: '/settings/customize' });
  }

  return (
    <>
      <SaveDialog
        title={t(entity ? 'settings.customize.rename' : 'settings.customize.new_entity')}
        confirm={t(entity ? 'action.save' : 'action.create')}
        saving={saving}
        isReady={zh.trim() !== ''}
        onSave={submit}
        onClose={onClose}
        aside={
          entity?.custom && (
            <Button look="danger" className="mr-auto" onPress={() => setRetiring(true)}>
              {t('settings.customize.retire')}
            </Button>
          )
        }
      >
        <TextField
          label={t('settings.customize.label_zh')}
          value={zh}
          onChange={setZh}
          error={errors.label}
          isRequired
          autoFocus
        />
        <TextField label={t('settings.customize.label_en')} value={en} onChange={setEn} />
        <Select
          label={t('settings.customize.icon')}
          items={iconNames.map((one) => ({ id: one, name: t(`icons.${one}`), mark: <Icon name={one} /> }))}
          value={icon}
          onChange={setIcon}
        />
        {!entity && (
          <>
            <TextField
              label={t('settings.customize.name')}
              help={t('settings.customize.name_help')}
              value={name}
              onChange={(typed) => setTypedName(typed.toLowerCase())}
              error={errors.name}
            />
            <Switch
              label={t('settings.customize.shared')}
              help={t('settings.customize.shared_help')}
              isSelected={shared}
              isRow
              onChange={setShared}
            />
          </>
        )}
      </SaveDialog>
      <Confirm
        title={t('settings.customize.retire_title', { name: label(entity?.label) })}
        text={t('settings.customize.retire_text')}
        confirm={t('settings.customize.retire')}
        isOpen={retiring}
        onClose={() => setRetiring(false)}
        onConfirm={retire}
      />
    </>
  );
}
