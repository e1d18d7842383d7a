import { Link } from '@tanstack/react-router';
import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { buttonClass } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { SearchField } from '@/ui/SearchField';
import { NoResult } from '@/ui/states';
import { Tag } from '@/ui/Tag';
import { useKinds } from '../useKinds';
import { printPath, usePrints } from './prints';

/** The layouts on paper of every kind of records. */
export function PrintsSettings() {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const [words, setWords] = useState('');
  const kinds = useKinds()
    .flatMap((group) => group.kinds)
    .filter((name) => entities[name] && !entities[name]?.line_of)
    .filter((name) => label(entities[name]?.label).toLowerCase().includes(words.trim().toLowerCase()))
    // Those that have layouts come first.
    .sort((a, b) => Number(!entities[a]?.prints.length) - Number(!entities[b]?.prints.length));
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-72 text-ink-2">{t('settings.prints.text')}</p>
        <SearchField
          label={t('settings.prints.search')}
          value={words}
          onChange={setWords}
          className="w-60 max-desk:w-full"
        />
      </div>
      {kinds.length === 0 && <NoResult />}
      {kinds.map((name) => (
        <Kind key={name} name={name} />
      ))}
    </>
  );
}

function Kind({ name }: { name: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const entity = useMeta().entities[name];
  const kept = usePrints(name, Boolean(entity?.prints.length));
  if (!entity) return null;
  const named = label(entity.label);
  const prints = kept.data ?? [];
  return (
    <section className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        <h2 className="flex min-w-0 flex-1 items-center gap-2 font-medium">
          <Icon name={entity.icon} className="text-ink-3" />
          {named}
        </h2>
        <Link
          to={printPath(name, 'new')}
          className={buttonClass('quiet')}
          aria-label={t('settings.prints.add_for', { name: named })}
        >
          <Plus size={14} aria-hidden="true" />
          {t('settings.prints.add')}
        </Link>
      </div>
      {prints.length > 0 && (
        <ul className="overflow-hidden rounded-md border border-line">
          {prints.map(({ print, own, declared }) => (
            <li key={print.key} className="border-b border-line last:border-b-0">
              <Link
                to={printPath(name, print.key)}
                className="flex min-h-11 items-center gap-3 px-3 py-1.5 hover:bg-hover focus-visible:outline-offset-[-2px]"
              >
                <span className="min-w-0 flex-1 truncate font-medium">{label(print.label)}</span>
                {print.hidden && <Tag name={t('settings.prints.hidden')} />}
                {own && <Tag name={t(declared ? 'settings.prints.changed' : 'settings.prints.own')} />}
                <span className="text-meta text-ink-3">
                  {t(`settings.prints.language_${print.language || 'zh-CN'}`)}
                </span>
                <ChevronRight size={15} aria-hidden="true" className="text-ink-3" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
