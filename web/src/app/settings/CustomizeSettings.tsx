import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '@/api/client';
import { useLabel, useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Icon, iconNames } from '@/ui/Icon';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { metaQuery } from '../session';
import { Section } from './Section';
import { useSaving } from './useSaving';

/** The kinds of records there are, and a way to make more. */
export function CustomizeSettings() {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const [making, setMaking] = useState(false);
  const list = Object.values(entities).sort(
    (a, b) => Number(b.custom ?? false) - Number(a.custom ?? false) || a.name.localeCompare(b.name),
  );
  return (
    <Section title={t('settings.customize.title')} text={t('settings.customize.text')}>
      <Button className="self-start" onPress={() => setMaking(true)}>
        <Plus size={14} aria-hidden="true" />
        {t('settings.customize.new_entity')}
      </Button>
      <ul className="rounded-md border border-line">
        {list.map((entity) => (
          <li key={entity.name} className="border-b border-line last:border-b-0">
            <Link
              to={`/settings/customize/${entity.name.replace('.', '/')}`}
              className="flex h-10 items-center gap-2.5 px-3 hover:bg-hover"
            >
              <Icon name={entity.icon} className="text-ink-3" />
              <span className="truncate font-medium">{label(entity.label)}</span>
              <span className="truncate font-mono text-meta text-ink-3">{entity.name}</span>
              <span className="ml-auto text-meta whitespace-nowrap text-ink-3">
                {t('settings.customize.fields_count', {
                  count: entity.fields.filter((field) => !field.system).length,
                })}
              </span>
              <ChevronRight size={14} aria-hidden="true" className="text-ink-3" />
            </Link>
          </li>
        ))}
      </ul>
      {making && <NewEntity onClose={() => setMaking(false)} />}
    </Section>
  );
}

function NewEntity({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { busy, failed, errors, save } = useSaving();
  const [name, setName] = useState('');
  const [zh, setZh] = useState('');
  const [en, setEn] = useState('');
  const [icon, setIcon] = useState<string | null>('box');
  const ready = /^[a-z][a-z0-9_]{0,39}$/.test(name) && zh.trim() !== '';

  async function make() {
    const label = { 'zh-CN': zh, en: en || zh };
    const done = await save(async () => {
      await post('customize/entities', { name, label, plural: label, title: 'name', icon });
      await client.invalidateQueries({ queryKey: metaQuery.queryKey });
    });
    if (!done) return;
    onClose();
    await navigate({ to: `/settings/customize/x/${name}` });
  }

  return (
    <Dialog
      title={t('settings.customize.new_entity')}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button look="primary" onPress={make} isDisabled={!ready || busy}>
            {t('action.create')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {failed !== null && <ProblemNotice error={failed} />}
        <TextField
          label={t('settings.customize.label_zh')}
          value={zh}
          onChange={setZh}
          isRequired
          autoFocus
        />
        <TextField label={t('settings.customize.label_en')} value={en} onChange={setEn} />
        <TextField
          label={t('settings.customize.name')}
          help={t('settings.customize.name_help')}
          value={name}
          onChange={(typed) => setName(typed.toLowerCase())}
          error={errors.name}
          isRequired
        />
        <Select
          label={t('settings.customize.icon')}
          items={iconNames.map((one) => ({ id: one, name: one, mark: <Icon name={one} /> }))}
          value={icon}
          onChange={setIcon}
        />
      </div>
    </Dialog>
  );
}
