import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { ExternalLink, Pencil } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import { useLabel, useMe } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../places';
import { useTitle } from '../useTitle';
import { type Definition, saveLayout, useDefinition } from './customize/definition';
import { EntityDialog } from './customize/EntityDialog';
import { FieldsTab } from './customize/FieldsTab';
import { LayoutTab } from './customize/LayoutTab';
import { ListTab } from './customize/ListTab';
import { SettingsFrame } from './SettingsPage';
import { useSaving } from './useSaving';

/** One kind of records: its fields, its form, its list. */
export function EntityFieldsPage() {
  const { module, thing } = useParams({ strict: false }) as Record<string, string | undefined>;
  const { t } = useTranslation();
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const name = `${module}.${thing}`;
  const [renaming, setRenaming] = useState(false);
  const definition = useDefinition(name, me.admin);
  const entity = definition.data;
  useTitle(entity?.label);
  const lost = definition.error instanceof Problem && definition.error.status === 404;
  if (!me.admin || lost) return <Lost />;
  return (
    <SettingsFrame
      current="customize"
      title={entity ? t('settings.customize.fields_of', { name: label(entity.label) }) : ''}
      icon={<Icon name={entity?.icon} className="text-ink-3" />}
      back="/settings/customize"
      bare
      actions={
        entity && (
          <>
            <Button onPress={() => setRenaming(true)}>
              <Pencil size={14} aria-hidden="true" />
              <span className="max-desk:sr-only">{t('settings.customize.rename')}</span>
            </Button>
            <Button onPress={() => navigate({ to: paths.list(name) })}>
              <ExternalLink size={14} aria-hidden="true" />
              <span className="max-desk:sr-only">{t('settings.customize.open_list')}</span>
            </Button>
          </>
        )
      }
    >
      {definition.isError && (
        <div className="p-4">
          <ProblemNotice error={definition.error} retry={() => definition.refetch()} />
        </div>
      )}
      {definition.isPending && <WaitingLines lines={10} />}
      {entity && <Parts key={layoutText(entity)} entity={entity} />}
      {entity && renaming && <EntityDialog entity={entity} onClose={() => setRenaming(false)} />}
    </SettingsFrame>
  );
}

const layoutText = ({ groups, list, card }: Pick<Definition, 'groups' | 'list' | 'card'>) =>
  JSON.stringify([groups, list, card]);

const tabs = ['fields', 'form', 'list'] as const;

function Parts({ entity }: { entity: Definition }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [tab, setTab] = useTab();
  const [layout, setLayout] = useState({ groups: entity.groups, list: entity.list, card: entity.card });
  const { busy, failed, save } = useSaving();
  const changed = layoutText(layout) !== layoutText(entity);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div
        role="tablist"
        aria-label={t('settings.customize.parts')}
        className="flex h-11 shrink-0 items-center gap-0.5 border-b border-line px-3"
      >
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls="entity-part"
            onClick={() => setTab(one)}
            className={cx(
              'h-7 rounded-sm px-2.5 pointer-coarse:h-9',
              one === tab ? 'bg-pressed font-medium' : 'text-ink-2 hover:bg-hover hover:text-ink',
            )}
          >
            {t(`settings.customize.tab_${one}`)}
          </button>
        ))}
      </div>
      <div id="entity-part" role="tabpanel" aria-labelledby={`tab-${tab}`} className="min-h-0 flex-1">
        {tab === 'fields' && <FieldsTab entity={entity} />}
        {tab === 'form' && (
          <LayoutTab
            entity={entity}
            groups={layout.groups}
            onChange={(groups) => setLayout((old) => ({ ...old, groups }))}
          />
        )}
        {tab === 'list' && (
          <ListTab
            entity={entity}
            list={layout.list}
            card={layout.card}
            onChange={(part) => setLayout((old) => ({ ...old, ...part }))}
          />
        )}
      </div>
      {(changed || failed !== null) && (
        <div className="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-raised px-4 py-2.5">
          <div className="min-w-0 flex-1 text-ink-2">
            {failed !== null ? <ProblemNotice error={failed} /> : t('settings.roles.changed')}
          </div>
          <Button onPress={() => setLayout({ groups: entity.groups, list: entity.list, card: entity.card })}>
            {t('settings.roles.give_up')}
          </Button>
          <Button
            look="primary"
            isDisabled={busy}
            onPress={() =>
              save(() => saveLayout(client, { name: entity.name, ...layout }), t('settings.roles.saved'))
            }
          >
            {t('action.save')}
          </Button>
        </div>
      )}
    </div>
  );
}

type Tab = (typeof tabs)[number];

/** The open tab stands in the address: a save, which draws anew, stays where it was, and a link leads to it. */
function useTab(): [Tab, (tab: Tab) => void] {
  const hash = useLocation({ select: (location) => location.hash });
  const navigate = useNavigate();
  return [
    tabs.find((one) => one === hash) ?? 'fields',
    (next) =>
      void navigate({ to: '.', hash: next, replace: true, resetScroll: false, hashScrollIntoView: false }),
  ];
}
