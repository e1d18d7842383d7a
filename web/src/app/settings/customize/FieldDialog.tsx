import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch, post } from '@/api/client';
import type { Texts } from '@/api/types';
import type { Condition } from '@/meta/condition';
import { useLabel } from '@/meta/context';
import { optionsOf } from '@/meta/options';
import { Select } from '@/ui/Select';
import { Switch } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { SaveDialog } from '../SaveDialog';
import { useSaving } from '../useSaving';
import { both, customized, type DefinedField, type Definition, type FieldPatch, freeKey } from './definition';
import { dictionaryPath, useDictionaries } from './dictionary';
import { OptionsEditor } from './OptionsEditor';
import { TypeSettings } from './TypeSettings';

// Fetched when a field with a condition is opened, or one is wanted.
const RuleField = lazy(() => import('./RuleField'));

interface FieldDialogProps {
  entity: Definition;
  /** null: a new one. */
  defined: DefinedField | null;
  onClose(): void;
}

const isChoice = (type: string) => type === 'choice' || type === 'tree_choice';
const canBeUnique = new Set(['text', 'number', 'phone', 'email', 'url']);
const canBeSearched = new Set(['text', 'long_text', 'rich_text', 'phone', 'email', 'url', 'auto_number']);
/** Their values come from elsewhere: nobody can be asked for them. */
const computed = new Set(['formula', 'rollup', 'auto_number']);

/** Makes a field, or changes one: what the program fixed of a built-in field stays. */
export function FieldDialog({ entity, defined, onClose }: FieldDialogProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const offered = useQuery({
    queryKey: ['field-types'],
    queryFn: ({ signal }) => get<{ items: { name: string; label: Texts }[] }>('meta/types', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { dictionaries, nameOf: dictionaryName } = useDictionaries();
  const saving = useSaving();
  const { errors, save } = saving;
  const old = defined?.field;
  const mine = !defined || (old?.custom ?? false);
  const [zh, setZh] = useState(old?.label?.['zh-CN'] ?? '');
  const [en, setEn] = useState(old?.label?.en ?? '');
  const [help, setHelp] = useState(old?.help?.['zh-CN'] ?? '');
  const [typedKey, setTypedKey] = useState<string | null>(null);
  const [type, setType] = useState<string>(old?.type ?? 'text');
  const [settings, setSettings] = useState<Record<string, unknown>>({
    ...defined?.patch?.settings,
    ...(defined?.numbering ? { number: defined.numbering } : {}),
  });
  const [options, setOptions] = useState(() => optionsOf(old?.settings.options));
  const [required, setRequired] = useState(old?.required ?? false);
  const [unique, setUnique] = useState(old?.unique ?? false);
  const [search, setSearch] = useState(defined?.patch?.search ?? false);
  const [visible, setVisible] = useState<string | null>(defined?.patch?.visible_when ?? '');
  const [needed, setNeeded] = useState<string | null>(defined?.patch?.required_when ?? '');
  const [first, setFirst] = useState(old?.default ?? '');
  const taken = entity.fields.map((one) => one.field.key);
  const key = old?.key ?? typedKey ?? freeKey(en, taken);
  const kept = new Set((old?.settings.options ?? []).map((one) => one.code));
  const shared = old?.settings.same_as ?? (settings.same_as as string | undefined) ?? '';
  const sharedOptions = dictionaries.find((one) => one.name === shared)?.field.settings.options;
  const filled = options.filter((one) => (one.label['zh-CN'] ?? '').trim() !== '');
  const ready =
    zh.trim() !== '' &&
    visible !== null &&
    (required || needed !== null) &&
    (!isChoice(type) || shared !== '' || filled.length > 0);

  async function submit() {
    const body: FieldPatch = {
      label: both(zh, en),
      settings: { ...settings, ...(isChoice(type) && !shared ? { options: filled } : {}) },
      required: required && !computed.has(type),
      default: first,
      visible_when: visible ?? '',
      required_when: computed.has(type) || required ? '' : (needed ?? ''),
      ...(help.trim() || defined?.patch?.help ? { help: both(help, '') } : {}),
      ...(mine ? { type, unique: unique && canBeUnique.has(type), search } : {}),
    };
    if (!mine && body.settings) delete body.settings.many;
    if (!mine && old?.settings.many) body.settings = { ...body.settings, many: true };
    const done = await save(async () => {
      if (defined)
        await patch(`customize/entities/${entity.name}/fields/${key}`, body, {
          'If-Match': `"${defined.tag}"`,
        });
      else await post(`customize/entities/${entity.name}/fields`, { ...body, key });
      await customized(client, entity.name);
    }, t('settings.customize.saved'));
    if (done) onClose();
  }

  const wide = isChoice(type) || visible !== '' || needed !== '';
  return (
    <SaveDialog
      title={
        old
          ? t('settings.customize.edit_field', { name: label(old.label) })
          : t('settings.customize.new_field')
      }
      confirm={t(defined ? 'action.save' : 'action.create')}
      saving={saving}
      isReady={ready}
      onSave={submit}
      onClose={onClose}
      width={wide ? 'wide' : 'small'}
    >
      <div className="grid grid-cols-1 gap-4 desk:grid-cols-2">
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
          label={t('settings.customize.type')}
          items={(offered.data?.items ?? []).map((one) => ({ id: one.name, name: label(one.label) }))}
          value={type}
          onChange={(next) => {
            setType(next ?? 'text');
            setSettings({});
          }}
          isDisabled={Boolean(defined)}
          error={errors.type}
        />
        <TextField
          label={t('settings.customize.key')}
          help={t('settings.customize.name_help')}
          value={key}
          onChange={(typed) => setTypedKey(typed.toLowerCase())}
          error={errors.key}
          isDisabled={Boolean(defined)}
        />
      </div>
      {(mine || type === 'auto_number') && (
        <TypeSettings
          entity={entity}
          type={type}
          settings={settings}
          onChange={setSettings}
          isNew={!defined}
          error={errors.settings}
        />
      )}
      {isChoice(type) && defined && shared !== '' && (
        <p className="text-ink-2">
          {t('settings.dictionaries.shared_with')}{' '}
          <Link to={dictionaryPath(shared)} className="text-accent-ink hover:underline">
            {dictionaryName(shared)}
          </Link>
        </p>
      )}
      {isChoice(type) && !defined && (
        <Select
          label={t('settings.dictionaries.same_as')}
          placeholder={t('settings.dictionaries.own_options')}
          items={dictionaries
            .filter((one) => one.field.type === type)
            .map((one) => ({ id: one.name, name: dictionaryName(one.name) }))}
          value={shared || null}
          onChange={(next) =>
            setSettings(({ same_as: _, ...rest }) => (next ? { ...rest, same_as: next } : rest))
          }
          canClear
        />
      )}
      {isChoice(type) && shared === '' && (
        <OptionsEditor
          options={options}
          onChange={setOptions}
          colors={entity.option_colors}
          kept={kept}
          isTree={type === 'tree_choice'}
        />
      )}
      <TextField label={t('settings.customize.help')} value={help} onChange={setHelp} />
      {isChoice(type) && !settings.many ? (
        <Select
          label={t('settings.customize.default')}
          items={(shared ? optionsOf(sharedOptions) : filled).map((one) => ({
            id: one.code,
            name: label(one.label) || one.code,
          }))}
          value={first || null}
          onChange={(next) => setFirst(next ?? '')}
          error={errors.default}
          canClear
        />
      ) : (
        mine &&
        !computed.has(type) && (
          <TextField
            label={t('settings.customize.default')}
            help={t('settings.customize.default_help')}
            value={first}
            onChange={setFirst}
            error={errors.default}
          />
        )
      )}
      <div className="flex flex-wrap gap-x-8 gap-y-3">
        {!computed.has(type) && (
          <Switch
            label={t('settings.customize.required')}
            isSelected={required}
            onChange={setRequired}
            isDisabled={defined?.fixed}
          />
        )}
        {mine && canBeUnique.has(type) && (
          <Switch label={t('settings.customize.unique')} isSelected={unique} onChange={setUnique} />
        )}
        {mine && canBeSearched.has(type) && (
          <Switch label={t('settings.customize.search')} isSelected={search} onChange={setSearch} />
        )}
      </div>
      <Suspense>
        {!defined?.no_visible_when && (
          <RuleField
            kind="visible"
            entity={entity}
            of={key}
            text={visible}
            onChange={setVisible}
            builtIn={defined?.patch?.visible_when ? undefined : (old?.visible_when as Condition | undefined)}
            error={errors.visible_when}
          />
        )}
        {!computed.has(type) && !required && (mine || !old?.read_only) && (
          <RuleField
            kind="required"
            entity={entity}
            of={key}
            text={needed}
            onChange={setNeeded}
            builtIn={
              defined?.patch?.required_when ? undefined : (old?.required_when as Condition | undefined)
            }
            error={errors.required_when}
          />
        )}
      </Suspense>
    </SaveDialog>
  );
}
