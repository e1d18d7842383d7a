import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, patch } from '@/api/client';
import type { Texts } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';
import { useProblemText } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { toasts } from '@/ui/toasts';
import { EntityDialog } from './customize/EntityDialog';
import { useKinds } from './useKinds';

/** The kinds of records there are, and a way to make more. */
export function CustomizeSettings() {
  const { t } = useTranslation();
  const { entities } = useMeta();
  const [making, setMaking] = useState(false);
  const kinds = useKinds();
  const own = kinds.flatMap((group) => group.kinds).filter((name) => entities[name]?.custom);
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-64 text-ink-2">{t('settings.customize.text')}</p>
        <Button look="primary" onPress={() => setMaking(true)}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.customize.new_entity')}
        </Button>
      </div>
      {[
        { module: '', name: t('settings.customize.own'), kinds: own },
        ...kinds.map((group) => ({ ...group, kinds: group.kinds.filter((name) => !own.includes(name)) })),
      ]
        .filter((group) => group.kinds.length > 0)
        .map((group) => (
          <section key={group.module} className="flex flex-col gap-2">
            <h2 className="font-medium">{group.name}</h2>
            <ul className="overflow-hidden rounded-md border border-line">
              {group.kinds.map((name) => (
                <KindLine key={name} name={name} />
              ))}
            </ul>
          </section>
        ))}
      <Retired />
      {making && <EntityDialog onClose={() => setMaking(false)} />}
    </>
  );
}

function KindLine({ name }: { name: string }) {
  const { t } = useTranslation();
  const label = useLabel();
  const entity = useMeta().entities[name];
  if (!entity) return null;
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        to={`/settings/customize/${name.replace('.', '/')}`}
        className={cx(
          'flex h-10 items-center gap-2.5 px-3 hover:bg-hover focus-visible:outline-offset-[-2px]',
          entity.line_of && 'pl-9',
        )}
      >
        <Icon name={entity.icon} className="shrink-0 text-ink-3" />
        <span className="truncate font-medium">{label(entity.label)}</span>
        {entity.line_of && (
          <span className="shrink-0 text-meta text-ink-3">{t('settings.customize.lines')}</span>
        )}
        <span className="truncate font-mono text-meta text-ink-3 max-desk:hidden">{name}</span>
        <span className="ml-auto text-meta whitespace-nowrap text-ink-3">
          {t('settings.customize.fields_count', {
            count: entity.fields.filter((field) => !field.system).length,
          })}
        </span>
        <ChevronRight size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
      </Link>
    </li>
  );
}

interface Patch {
  name: string;
  add?: boolean;
  retired?: boolean;
  label: Texts;
}

/** What administrators made and took out of use; its records are kept. */
function Retired() {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const problem = useProblemText();
  const patches = useQuery({
    queryKey: ['customized'],
    queryFn: ({ signal }) => get<{ items: Patch[] }>('customize/entities', {}, signal),
  });
  const retired = (patches.data?.items ?? []).filter((one) => one.add && one.retired);
  if (retired.length === 0) return null;
  async function bringBack(name: string) {
    try {
      await patch(`customize/entities/${name}`, { retired: false });
    } catch (error) {
      toasts.warn(problem(error));
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['customized'] }),
      client.invalidateQueries({ queryKey: ['meta'] }),
    ]);
  }
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-meta text-ink-3">{t('settings.customize.retired')}</h3>
      <ul className="rounded-md border border-line">
        {retired.map((one) => (
          <li
            key={one.name}
            className="flex h-10 items-center gap-2.5 border-b border-line pr-1 pl-3 last:border-b-0"
          >
            <span className="truncate text-ink-2">{label(one.label)}</span>
            <span className="truncate font-mono text-meta text-ink-3">{one.name}</span>
            <Button look="quiet" className="ml-auto" onPress={() => bringBack(one.name)}>
              {t('settings.customize.bring_back')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
