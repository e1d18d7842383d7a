import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { Dot } from '@/ui/Dot';
import { Icon } from '@/ui/Icon';
import { SearchField } from '@/ui/SearchField';
import { NoResult } from '@/ui/states';
import { type Dictionary, dictionaryPath, useDictionaries } from '../customize/dictionary';
import { useKinds } from '../useKinds';

/** Every list of options in one place, by the kind of records that keeps it. */
export function DictionariesSettings() {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const { dictionaries } = useDictionaries();
  const [words, setWords] = useState('');
  const typed = words.toLowerCase();
  const found = dictionaries.filter((one) =>
    [
      label(one.field.label),
      ...one.users.map((user) => label(entities[user.entity]?.label)),
      ...(one.field.settings.options ?? []).flatMap((option) => Object.values(option.label ?? {})),
    ].some((text) => text.toLowerCase().includes(typed)),
  );
  const groups = useKinds()
    .flatMap((group) => group.kinds)
    .filter((name) => found.some((one) => one.entity === name));
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-72 text-ink-2">{t('settings.dictionaries.text')}</p>
        <SearchField
          label={t('settings.dictionaries.search')}
          value={words}
          onChange={setWords}
          className="w-60 max-desk:w-full"
        />
      </div>
      {groups.length === 0 && <NoResult />}
      {groups.map((name) => (
        <section key={name} className="flex flex-col gap-2">
          <h2 className="flex items-center gap-2 font-medium">
            <Icon name={entities[name]?.icon} className="text-ink-3" />
            {label(entities[name]?.label)}
          </h2>
          <ul className="overflow-hidden rounded-md border border-line">
            {found
              .filter((one) => one.entity === name)
              .map((one) => (
                <DictionaryLine key={one.name} dictionary={one} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function DictionaryLine({ dictionary }: { dictionary: Dictionary }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const options = dictionary.field.settings.options ?? [];
  const live = options.filter((one) => one.active);
  const others = dictionary.users.slice(1);
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to={dictionaryPath(dictionary.name)}
        className="flex min-h-11 items-center gap-4 px-3 py-1.5 hover:bg-hover focus-visible:outline-offset-[-2px]"
      >
        <span className="w-40 shrink-0 max-desk:w-auto max-desk:flex-1">
          <span className="block truncate font-medium">{label(dictionary.field.label)}</span>
          {others.length > 0 && (
            <span className="block truncate text-meta text-ink-3">
              {t('settings.dictionaries.also_in', {
                names: others.map((one) => label(entities[one.entity]?.label)).join(t('list.separator')),
              })}
            </span>
          )}
        </span>
        <span className="flex min-w-0 flex-1 items-center gap-3 overflow-hidden whitespace-nowrap text-ink-2 [mask-image:linear-gradient(to_right,#000_calc(100%-24px),transparent)] max-desk:hidden">
          {live.slice(0, 8).map((one) => (
            <span key={one.code} className="flex items-center gap-1.5">
              <Dot color={one.color} />
              {label(one.label) || one.code}
            </span>
          ))}
        </span>
        <span className="figures text-meta whitespace-nowrap text-ink-3">
          {t('settings.dictionaries.count', { count: live.length })}
          {live.length < options.length &&
            t('settings.dictionaries.disabled_count', { count: options.length - live.length })}
        </span>
        <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
      </Link>
    </li>
  );
}
