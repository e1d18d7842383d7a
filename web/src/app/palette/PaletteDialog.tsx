import { useNavigate } from '@tanstack/react-router';
import { Search, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';
import { useSearch } from '@/meta/data';
import { paths } from '@/meta/paths';
import { cx } from '@/ui/cx';
import { Icon } from '@/ui/Icon';
import { Kbd } from '@/ui/Kbd';
import { itemClass } from '@/ui/Popover';
import { ScrollArea } from '@/ui/ScrollArea';
import { chosen } from './chosen';
import { grouped, HitName, HitPlace } from './hits';
import { type Entry, useEntries } from './useEntries';
import { useSpellings } from './useSpellings';

export type PaletteMode = 'commands' | 'search';

interface PaletteProps {
  mode: PaletteMode;
  onClose(): void;
}

/** Goes anywhere, does anything, finds records, as one types: words, pinyin or initials. */
export default function PaletteDialog({ mode, onClose }: PaletteProps) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-50 flex items-start justify-center bg-veil p-3 pt-[8vh] max-desk:pt-3"
    >
      <Modal className="w-full max-w-xl overflow-hidden rounded-lg border border-line bg-raised shadow-float">
        <Dialog
          aria-label={t(mode === 'search' ? 'search.title' : 'palette.title')}
          className="flex max-h-[min(70vh,560px)] flex-col outline-none"
        >
          {mode === 'search' ? <Found onClose={onClose} /> : <Commands onClose={onClose} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface Line {
  id: string;
  name: string;
  entry?: Entry;
  hit?: SearchHit;
}

interface Section {
  id: string;
  title: string;
  lines: Line[];
}

/** The typed words; while something is composed, those from before. */
function useTyped() {
  const [typed, setTyped] = useState('');
  const [before, setBefore] = useState<string | null>(null);
  const q = (before ?? typed).trim(); // at once: Enter must not find the lines of the letters before
  return { typed, setTyped, q, compose: () => setBefore(typed), composed: () => setBefore(null) };
}

function useHits(q: string): { sections: Section[]; isFetching: boolean } {
  const label = useLabel();
  const { entities } = useMeta();
  const search = useSearch(q);
  const hits = q ? (search.data?.items ?? []) : [];
  const sections = grouped(hits).map(({ entity, hits: list }) => ({
    id: entity,
    title: label(entities[entity]?.plural),
    lines: list.map((hit) => ({ id: `hit ${hit.entity} ${hit.id}`, name: hit.label, hit })),
  }));
  return { sections, isFetching: search.isFetching };
}

function Found({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const typing = useTyped();
  const { sections, isFetching } = useHits(typing.q);
  const empty = typing.q === '' ? t('search.hint') : t(isFetching ? 'state.loading' : 'search.nothing');
  return <Lines {...{ typing, sections, empty, onClose }} placeholder={t('search.placeholder')} />;
}

/** What there is is gathered once, here, and not at every letter. */
function Commands({ onClose }: { onClose(): void }) {
  const entries = useEntries();
  const spellings = useSpellings(entries.flatMap(({ name, note }) => [name, note ?? '']));
  return <Fitting {...{ entries, spellings, onClose }} />;
}

interface FittingProps {
  entries: readonly Entry[];
  spellings: ReadonlyMap<string, string>;
  onClose(): void;
}

function Fitting({ entries, spellings, onClose }: FittingProps) {
  const { t } = useTranslation();
  const typing = useTyped();
  const { sections: hits, isFetching } = useHits(typing.q);
  const groups = useMemo(() => chosen(entries, spellings, typing.q), [entries, spellings, typing.q]);
  const sections = [
    ...groups.map(({ section, entries: list }) => ({
      id: ` ${section}`,
      title: t(`palette.section.${section}`),
      lines: list.map((entry) => ({ id: entry.id, name: entry.name, entry })),
    })),
    ...hits,
  ];
  const empty = t(isFetching ? 'state.loading' : 'palette.nothing');
  return <Lines {...{ typing, sections, empty, onClose }} placeholder={t('palette.placeholder')} />;
}

interface LinesProps {
  typing: ReturnType<typeof useTyped>;
  sections: Section[];
  placeholder: string;
  empty: string;
  onClose(): void;
}

function Lines({ typing, sections, placeholder, empty, onClose }: LinesProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const lines = new Map(sections.flatMap((section) => section.lines.map((line) => [line.id, line])));
  function act(id: string) {
    onClose();
    const { entry, hit } = lines.get(id) ?? {};
    if (hit) void navigate({ to: paths.record(hit.entity, hit.id) });
    // After the dialog has gone: what is opened now takes the focus for itself.
    else if (entry) setTimeout(() => entry.run());
    else if (id === 'all') void navigate({ to: '/search', search: { q: typing.q } as never });
  }
  return (
    <Autocomplete inputValue={typing.typed} onInputChange={typing.setTyped} disableAutoFocusFirst={false}>
      <SearchField
        aria-label={placeholder}
        autoFocus
        className="flex shrink-0 items-center gap-2.5 border-b border-line px-4"
      >
        <Search size={16} aria-hidden="true" className="shrink-0 text-ink-3" />
        <Input
          placeholder={placeholder}
          className="h-12 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
          onKeyDown={(event) => {
            // Enter before the first line is ready to take it, or on one that is gone, means the first.
            const first = sections[0]?.lines[0];
            const isOnLine = document.getElementById(
              event.currentTarget.getAttribute('aria-activedescendant') ?? '',
            );
            if (event.key === 'Enter' && !event.nativeEvent.isComposing && first && !isOnLine) act(first.id);
          }}
          onCompositionStart={typing.compose}
          onCompositionEnd={typing.composed}
        />
        <Kbd keys="escape" />
        <button
          type="button"
          onClick={onClose}
          className="-mr-2 hidden h-10 shrink-0 items-center rounded-sm px-2 text-accent-ink pointer-coarse:inline-flex"
        >
          {t('action.cancel')}
        </button>
      </SearchField>
      <ScrollArea label={t('search.results')} className="min-h-0 flex-1">
        <Menu
          aria-label={t('search.results')}
          items={sections}
          className="p-1.5 outline-none"
          renderEmptyState={() => (
            <p className="flex items-center gap-2 px-2.5 py-3 text-ink-3">
              <SearchX size={15} aria-hidden="true" />
              {empty}
            </p>
          )}
          onAction={(key) => act(String(key))}
        >
          {(section) => (
            <MenuSection id={section.id}>
              <Header className="px-2.5 pt-2 pb-1 text-meta text-ink-3">{section.title}</Header>
              <Collection items={section.lines}>
                {(line) => (
                  <MenuItem id={line.id} textValue={line.name} className={cx(itemClass, 'gap-2.5')}>
                    {line.hit ? <HitLine hit={line.hit} /> : line.entry && <EntryLine entry={line.entry} />}
                  </MenuItem>
                )}
              </Collection>
            </MenuSection>
          )}
        </Menu>
      </ScrollArea>
      {typing.q !== '' && (
        <button
          type="button"
          onClick={() => act('all')}
          className="flex h-10 shrink-0 items-center gap-2.5 border-t border-line px-4 text-left text-ink-2 hover:bg-hover hover:text-ink"
        >
          <Search size={14} aria-hidden="true" className="shrink-0 text-ink-3" />
          <span className="truncate">{t('search.all_for', { words: typing.q })}</span>
        </button>
      )}
    </Autocomplete>
  );
}

function EntryLine({ entry }: { entry: Entry }) {
  return (
    <>
      {entry.icon}
      <span className="truncate">{entry.name}</span>
      <span className="ml-auto flex max-w-1/2 shrink-0 items-center gap-2 pl-3">
        {entry.note && <span className="truncate text-meta text-ink-3">{entry.note}</span>}
        {entry.keys && <Kbd keys={entry.keys} />}
      </span>
    </>
  );
}

function HitLine({ hit }: { hit: SearchHit }) {
  const { entities } = useMeta();
  return (
    <>
      <Icon name={entities[hit.entity]?.icon} className="shrink-0 text-ink-3" />
      <span className="truncate">
        <HitName hit={hit} />
      </span>
      <span className="ml-auto max-w-1/2 truncate pl-3 text-meta text-ink-3">
        <HitPlace hit={hit} />
      </span>
    </>
  );
}
