import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Copy, Plus, Trash2, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { remove, send } from '@/api/client';
import type { Entity, KeptPrint, Print } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { useLabel, useMe, useMeta } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { PrintPreview } from '@/meta/record/PrintPreview';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Confirm } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { WaitingLines } from '@/ui/states';
import { Lost } from '../../places';
import { useTitle } from '../../useTitle';
import { SortRow } from '../customize/SortRow';
import { SaveBar } from '../Parts';
import { SettingsFrame } from '../SettingsPage';
import { useSaving } from '../useSaving';
import { BlockForm } from './BlockForm';
import { PaperForm } from './PaperForm';
import {
  blockKinds,
  copied,
  firstLayout,
  freeKey,
  gist,
  moved,
  newBlock,
  printPath,
  printsKey,
  printsOf,
  usePrints,
} from './prints';

/** One layout: its blocks left, what can be said of the chosen one in the middle, the paper right. */
export function PrintPage() {
  const { module, thing, key = '' } = useParams({ strict: false }) as Record<string, string | undefined>;
  const name = `${module}.${thing}`;
  const { t } = useTranslation();
  const me = useMe();
  const label = useLabel();
  const entity = useMeta().entities[name];
  const kept = usePrints(name, me.admin && entity !== undefined);
  const isNew = key === 'new';
  const one = kept.data?.find(({ print }) => print.key === key);
  const title = `${label(entity?.label)} · ${one ? label(one.print.label) : t('settings.prints.add')}`;
  useTitle(title);
  if (!me.admin || !entity || (kept.data && !one && !isNew)) return <Lost />;
  return (
    <SettingsFrame
      current="prints"
      title={title}
      icon={<Icon name={entity.icon} className="text-ink-3" />}
      back="/settings/prints"
      bare
    >
      {kept.isError && (
        <div className="p-4">
          <ProblemNotice error={kept.error} retry={() => kept.refetch()} />
        </div>
      )}
      {kept.isPending && <WaitingLines lines={10} />}
      {kept.data && <Editor key={`${name} ${key} ${one?.tag}`} entity={entity} kept={one} all={kept.data} />}
    </SettingsFrame>
  );
}

interface EditorProps {
  entity: Entity;
  /** The layout as it is kept; none for a new one. */
  kept?: KeptPrint;
  all: KeptPrint[];
}

function Editor({ entity, kept, all }: EditorProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const client = useQueryClient();
  const navigate = useNavigate();
  const isPhone = useIsPhone();
  const saving = useSaving();
  const free = freeKey(all.map(({ print }) => print.key));
  const [first] = useState<Print>(
    () =>
      kept?.print ??
      firstLayout(entity, free, { 'zh-CN': t('settings.prints.new_zh'), en: t('settings.prints.new_en') }),
  );
  const [print, setPrint] = useState(first);
  const [chosen, setChosen] = useState<number | null>(null);
  const [dropping, setDropping] = useState(false);
  const changed = !kept || JSON.stringify(print) !== JSON.stringify(first);
  const block = chosen === null ? undefined : print.blocks[chosen];
  const blocks = (next: Print['blocks'], at: number | null) => {
    setPrint({ ...print, blocks: next });
    setChosen(at);
  };
  async function refreshed() {
    await client.invalidateQueries({ queryKey: printsKey(entity.name) });
    await client.invalidateQueries({ queryKey: ['meta'] });
  }
  async function keep(what: Print, tag?: string) {
    const isKept = await saving.save(() =>
      send(`${printsOf(entity.name)}/${what.key}`, {
        method: 'POST',
        json: what,
        headers: tag ? { 'If-Match': `"${tag}"` } : {},
      }),
    );
    if (!isKept) return;
    await refreshed();
    await navigate({ to: printPath(entity.name, what.key), replace: !kept });
  }
  async function drop() {
    const isDone = await saving.save(() => remove(`${printsOf(entity.name)}/${print.key}`));
    if (!isDone) return;
    await refreshed();
    if (!kept?.declared) await navigate({ to: '/settings/prints' });
  }
  const step = (at: number, by: number) => blocks(moved(print.blocks, at, at + by), at + by);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className={cx('flex min-h-0 flex-1', isPhone && 'flex-col overflow-auto')}>
        <div className="flex w-56 shrink-0 flex-col border-r border-line max-desk:w-full max-desk:border-r-0">
          <div className="min-h-0 flex-1 overflow-auto p-2">
            <button
              type="button"
              aria-pressed={chosen === null}
              onClick={() => setChosen(null)}
              className={cx(
                'mb-2 flex h-9 w-full items-center rounded-sm px-2 text-left pointer-coarse:h-11',
                chosen === null ? 'bg-pressed font-medium' : 'hover:bg-hover',
              )}
            >
              {t('settings.prints.page')}
            </button>
            <ul
              aria-label={t('settings.prints.blocks')}
              className="rounded-md border border-line empty:hidden"
            >
              {print.blocks.map((one, n) => (
                <SortRow
                  // biome-ignore lint/suspicious/noArrayIndexKey: a block is known by its place alone
                  key={n}
                  name={t(`settings.prints.kind_${one.kind}`)}
                  kind="print-block"
                  place={String(n)}
                  isFirst={n === 0}
                  isLast={n === print.blocks.length - 1}
                  onStep={(by) => step(n, by)}
                  onDrop={(from) => blocks(moved(print.blocks, Number(from), n), n)}
                  entries={[
                    {
                      id: 'copy',
                      name: t('settings.prints.copy_block'),
                      onAction: () => blocks(print.blocks.toSpliced(n + 1, 0, structuredClone(one)), n + 1),
                    },
                    {
                      id: 'drop',
                      name: t('settings.prints.drop_block'),
                      danger: true,
                      divided: true,
                      onAction: () => blocks(print.blocks.toSpliced(n, 1), null),
                    },
                  ]}
                >
                  <button
                    type="button"
                    aria-pressed={chosen === n}
                    onClick={() => setChosen(n)}
                    className={cx(
                      'min-h-8 min-w-0 flex-1 text-left',
                      chosen === n && 'font-medium text-accent-ink',
                    )}
                  >
                    <span className="block truncate">{t(`settings.prints.kind_${one.kind}`)}</span>
                    <span className="block truncate text-meta text-ink-3">{gist(one, label)}</span>
                  </button>
                </SortRow>
              ))}
            </ul>
          </div>
          <div className="flex flex-wrap gap-1 border-t border-line p-2">
            <Menu
              placement="top start"
              entries={blockKinds
                .filter((kind) => kind !== 'table' || entity.lines.length > 0)
                .map((kind) => ({
                  id: kind,
                  name: t(`settings.prints.kind_${kind}`),
                  onAction: () => {
                    const at = chosen === null ? print.blocks.length : chosen + 1;
                    blocks(print.blocks.toSpliced(at, 0, newBlock(kind, entity)), at);
                  },
                }))}
            >
              <Button>
                <Plus size={14} aria-hidden="true" />
                {t('settings.prints.add_block')}
              </Button>
            </Menu>
            {kept && (
              <Button
                look="quiet"
                onPress={() =>
                  void keep(
                    copied(print, free, {
                      'zh-CN': t('settings.prints.copy_zh', { name: print.label?.['zh-CN'] ?? '' }),
                      en: t('settings.prints.copy_en', { name: print.label?.en ?? '' }),
                    }),
                  )
                }
              >
                <Copy size={14} aria-hidden="true" />
                {t('settings.prints.copy')}
              </Button>
            )}
            {kept?.own && (
              <Button look="quiet" onPress={() => setDropping(true)}>
                {kept.declared ? (
                  <Undo2 size={14} aria-hidden="true" />
                ) : (
                  <Trash2 size={14} aria-hidden="true" />
                )}
                {t(kept.declared ? 'settings.prints.restore' : 'action.delete')}
              </Button>
            )}
          </div>
        </div>
        <section
          aria-label={block ? t(`settings.prints.kind_${block.kind}`) : t('settings.prints.page')}
          className="w-80 shrink-0 overflow-auto border-r border-line p-4 max-desk:w-full max-desk:overflow-visible"
        >
          {block && chosen !== null ? (
            <BlockForm
              key={chosen}
              entity={entity}
              block={block}
              at={`blocks.${chosen}.`}
              errors={saving.errors}
              onChange={(next) => setPrint({ ...print, blocks: print.blocks.with(chosen, next) })}
            />
          ) : (
            <PaperForm print={print} errors={saving.errors} onChange={setPrint} />
          )}
        </section>
        <div className="flex min-h-0 min-w-0 flex-1 max-desk:h-[70dvh] max-desk:flex-none">
          <PrintPreview entity={entity.name} print={print} />
        </div>
      </div>
      <SaveBar
        changed={changed}
        saving={saving}
        onGiveUp={() => (kept ? setPrint(first) : void navigate({ to: '/settings/prints' }))}
        onSave={() => void keep(print, kept?.tag)}
      />
      <Confirm
        title={t(kept?.declared ? 'settings.prints.restore_title' : 'settings.prints.delete_title', {
          name: label(print.label),
        })}
        text={t(kept?.declared ? 'settings.prints.restore_text' : 'settings.prints.delete_text')}
        confirm={t(kept?.declared ? 'settings.prints.restore' : 'action.delete')}
        isOpen={dropping}
        onClose={() => setDropping(false)}
        onConfirm={drop}
      />
    </div>
  );
}
