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
import { Icon } from '@/ui/Icon';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../places';
import { useTitle } from '../useTitle';
import { CollisionDialog } from './CollisionDialog';
import {
  type DefinedField,
  type Definition,
  type FormTab,
  type Group,
  type Layout,
  layoutOf,
  saveLayout,
  useDefinition,
} from './customize/definition';
import { EntityDialog } from './customize/EntityDialog';
import { FieldsTab } from './customize/FieldsTab';
import { LayoutTab } from './customize/LayoutTab';
import { ListTab } from './customize/ListTab';
import { Parts } from './Parts';
import { SettingsFrame } from './SettingsPage';
import { useShared } from './useShared';

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
      {entity && <EntityParts key={entity.name} entity={entity} />}
      {entity && renaming && <EntityDialog entity={entity} onClose={() => setRenaming(false)} />}
    </SettingsFrame>
  );
}

/** A layout in words: the fields or tabs in their order. */
function layoutWords(value: unknown, fields: DefinedField[], label: ReturnType<typeof useLabel>): string {
  const keys = (Array.isArray(value) ? value : []).flatMap((one: string | Group | FormTab) =>
    typeof one === 'string' ? [one] : 'fields' in one ? one.fields : [label(one.label)],
  );
  const names = new Map(fields.map(({ field }) => [field.key, label(field.label)]));
  return keys.map((key) => names.get(key) ?? key).join(' · ');
}

const tabs = ['fields', 'form', 'list'] as const;

function EntityParts({ entity }: { entity: Definition }) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const [tab, setTab] = useTab();
  const shared = useShared<Layout>({
    stored: { value: layoutOf(entity), tag: `"${entity.tag}"` },
    pieces: (layout) => ({ ...layout }),
    whole: (pieces) => pieces as unknown as Layout,
    said: t('settings.roles.saved'),
    write: async (layout, base) => saveLayout(client, entity.name, layout, base.tag),
  });
  const { value: layout, setValue: setLayout } = shared;
  return (
    <>
      <Parts
        label={t('settings.customize.parts')}
        tabs={tabs}
        nameOf={(one) => t(`settings.customize.tab_${one}`)}
        tab={tab}
        onTab={setTab}
        changed={shared.changed}
        saving={shared.saving}
        onGiveUp={shared.giveUp}
        onSave={shared.save}
      >
        {tab === 'fields' && <FieldsTab entity={entity} />}
        {tab === 'form' && (
          <LayoutTab
            entity={entity}
            groups={layout.groups}
            tabs={layout.tabs}
            onChange={(part) => setLayout((old) => ({ ...old, ...part }))}
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
      </Parts>
      <CollisionDialog
        shared={shared}
        nameOf={(key) => t(`settings.collision.${key}`)}
        textOf={(_, value) => layoutWords(value, entity.fields, label)}
      />
    </>
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
