import { useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, Problem, sendTagged } from '@/api/client';
import { clauseText } from '@/lib/filter';
import { useFormats, useLabel, useMe, useMeta } from '@/meta/context';
import { type CountedDictionary, type OptionPatch, optionsOf } from '@/meta/options';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Icon } from '@/ui/Icon';
import { SearchField } from '@/ui/SearchField';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../../places';
import { useTitle } from '../../useTitle';
import { CollisionDialog } from '../CollisionDialog';
import { customized } from '../customize/definition';
import { dictionaryKey, optionsFrom, piecesOfOptions, useDictionary } from '../customize/dictionary';
import { OptionsEditor } from '../customize/OptionsEditor';
import { SaveBar } from '../Parts';
import { SettingsFrame } from '../SettingsPage';
import { useShared } from '../useShared';
import { MergeDialog } from './MergeDialog';

/** One dictionary: its options, and how many records hold each. */
export function DictionaryPage() {
  const { module, thing, key = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  const entity = `${module}.${thing}`;
  const { t } = useTranslation();
  const me = useMe();
  const label = useLabel();
  const { entities } = useMeta();
  const kind = entities[entity];
  const field = kind?.fields.find((one) => one.key === key);
  // A merge changes what stands here: it is begun anew.
  const [round, setRound] = useState(0);
  const stored = useDictionary(entity, key, me.admin);
  const title = field ? `${label(kind?.label)} · ${label(field.label)}` : t('settings.dictionaries.title');
  useTitle(title);
  const isLost = stored.error instanceof Problem && stored.error.status === 404;
  if (!me.admin || isLost || !field) return <Lost />;
  return (
    <SettingsFrame
      current="dictionaries"
      title={title}
      icon={<Icon name={kind?.icon} className="text-ink-3" />}
      back="/settings/dictionaries"
      bare
    >
      {stored.isError && (
        <div className="p-4">
          <ProblemNotice error={stored.error} retry={() => stored.refetch()} />
        </div>
      )}
      {stored.isPending && <WaitingLines lines={10} />}
      {stored.data && (
        <Options
          key={`${entity}.${key} ${round}`}
          entity={entity}
          field={key}
          isTree={field.type === 'tree_choice'}
          isDefault={(code) => field.default === code}
          counted={stored.data}
          onMerged={() => setRound((n) => n + 1)}
        />
      )}
    </SettingsFrame>
  );
}

interface OptionsProps {
  entity: string;
  field: string;
  isTree: boolean;
  /** Whether new records begin with an option. */
  isDefault(code: string): boolean;
  counted: CountedDictionary;
  onMerged(): void;
}

function Options({ entity, field, isTree, isDefault, counted, onMerged }: OptionsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const formats = useFormats();
  const { entities } = useMeta();
  const client = useQueryClient();
  const [words, setWords] = useState('');
  const [merging, setMerging] = useState<OptionPatch | null>(null);
  const path = `customize/entities/${entity}/fields/${field}`;
  const again = () =>
    Promise.all([
      customized(client, entity),
      client.invalidateQueries({ queryKey: dictionaryKey(entity, field) }),
    ]);
  const shared = useShared<OptionPatch[]>({
    stored: { value: optionsOf(counted.options), tag: `"${counted.tag}"` },
    pieces: (options) => piecesOfOptions(options, counted.options),
    whole: optionsFrom,
    said: t('settings.customize.saved'),
    write: async (value, base) => {
      const options = value.filter((one) => (one.label['zh-CN'] ?? '').trim() !== '');
      try {
        const now = await sendTagged<unknown>(path, {
          method: 'PATCH',
          json: { settings: { options } },
          headers: { 'If-Match': base.tag },
        });
        await again();
        return { value: options, tag: now.tag };
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 412) throw error;
        // What is stored is the patch alone; the options altogether says the dictionary.
        const now = await get<CountedDictionary>(`${path}/options`);
        throw new Problem(412, { ...error.body, current: optionsOf(now.options) as never }, `"${now.tag}"`);
      }
    },
  });
  const use = new Map(counted.options.map((one) => [one.code, one]));
  const number = new Intl.NumberFormat(formats.locale);
  const nameOf = (code: string) => label(shared.value.find((one) => one.code === code)?.label) || code;
  // Of what an administrator made, what nobody holds can go again.
  const kept = new Set(
    counted.options.filter((one) => !one.own || one.live + one.binned > 0).map((one) => one.code),
  );
  return (
    <>
      <div className="flex h-full min-h-0 flex-col">
        <div className="min-h-0 flex-1 overflow-auto">
          <div className="mx-auto flex max-w-4xl flex-col gap-4 px-4 py-6 desk:px-8">
            <div className="flex flex-wrap items-start gap-3">
              <div className="min-w-0 flex-1 basis-72">
                <p className="text-ink-2">
                  {t('settings.dictionaries.used_in')}{' '}
                  {counted.fields.map((one, at) => (
                    <span key={`${one.entity}.${one.key}`}>
                      {at > 0 && t('list.separator')}
                      <Link
                        to={`/settings/customize/${one.entity.replace('.', '/')}`}
                        className="text-accent-ink hover:underline"
                      >
                        {label(entities[one.entity]?.label)} · {label(one.label)}
                      </Link>
                    </span>
                  ))}
                </p>
                <p className="text-ink-2">
                  {t(counted.fixed ? 'settings.dictionaries.fixed' : 'settings.dictionaries.rule')}
                </p>
              </div>
              {counted.options.length > 10 && (
                <SearchField
                  label={t('settings.dictionaries.search_options')}
                  value={words}
                  onChange={setWords}
                  className="w-52 max-desk:w-full"
                />
              )}
            </div>
            <OptionsEditor
              options={shared.value}
              onChange={(next) => shared.setValue(next)}
              colors={counted.option_colors}
              kept={kept}
              isTree={isTree}
              isFixed={counted.fixed}
              words={words.toLowerCase()}
              onMerge={counted.mergeable ? setMerging : undefined}
              note={(code) => {
                const one = use.get(code);
                if (!one || one.live + one.binned === 0)
                  return one && <p>{t('settings.dictionaries.nobody')}</p>;
                const live = t('settings.dictionaries.records', {
                  count: one.live,
                  n: number.format(one.live),
                });
                return (
                  <>
                    {one.live > 0 && (
                      <p className="figures text-ink-2">
                        {/* A filter takes what was merged for what it was merged into. */}
                        {one.into ? (
                          live
                        ) : (
                          <Link
                            to={paths.list(entity)}
                            search={{ filter: clauseText({ field, op: 'in', value: [code] }) }}
                            className="hover:underline"
                          >
                            {live}
                          </Link>
                        )}
                      </p>
                    )}
                    {one.binned > 0 && (
                      <p className="figures">
                        {t('settings.dictionaries.binned', {
                          count: one.binned,
                          n: number.format(one.binned),
                        })}
                      </p>
                    )}
                  </>
                );
              }}
            />
          </div>
        </div>
        <SaveBar
          changed={shared.changed}
          saving={shared.saving}
          onGiveUp={shared.giveUp}
          onSave={shared.save}
        />
      </div>
      <CollisionDialog
        shared={shared}
        nameOf={(key) =>
          key === 'order' ? t('settings.dictionaries.order') : nameOf(key.slice('option '.length))
        }
        textOf={(key, value) =>
          key === 'order'
            ? (value as string[]).map(nameOf).join(' · ')
            : optionWords(value as OptionPatch | undefined, t)
        }
      />
      {merging && (
        <MergeDialog
          path={path}
          tag={shared.base.tag}
          option={merging}
          options={shared.value}
          live={use.get(merging.code)?.live ?? 0}
          isDefault={isDefault(merging.code)}
          isChanged={shared.changed}
          onClose={() => setMerging(null)}
          onDone={() => again().then(onMerged)}
        />
      )}
    </>
  );
}

/** An option in words, for who chooses between two. */
function optionWords(
  option: OptionPatch | undefined,
  t: (key: string, values?: Record<string, string>) => string,
): string {
  if (!option) return '';
  return [
    option.label['zh-CN'],
    option.label.en,
    t(`settings.color.${option.color ?? 'gray'}`),
    option.hidden ? t('settings.dictionaries.disabled') : undefined,
  ]
    .filter(Boolean)
    .join(' · ');
}
