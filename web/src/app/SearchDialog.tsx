import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
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
import { Icon } from '@/ui/Icon';
import { itemClass } from '@/ui/Popover';

/** Finds records of every kind as one types: pinyin, initials, the end of a phone number. */
export default function SearchDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose()}
      isDismissable
      className="fixed inset-0 z-50 flex items-start justify-center bg-veil p-3 pt-[8vh]"
    >
      <Modal className="w-full max-w-xl rounded-lg border border-line bg-raised shadow-float">
        <Dialog aria-label={t('search.title')} className="flex max-h-[70vh] flex-col outline-none">
          <Palette onClose={onClose} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

interface Section {
  entity: string;
  hits: SearchHit[];
}

function sections(hits: SearchHit[]): Section[] {
  const found = new Map<string, SearchHit[]>();
  for (const hit of hits) found.set(hit.entity, [...(found.get(hit.entity) ?? []), hit]);
  return [...found].map(([entity, list]) => ({ entity, hits: list }));
}

function Palette({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const [composing, setComposing] = useState(false);
  const [asked, setAsked] = useState('');
  const q = useDeferredValue(composing ? asked : typed);
  const search = useSearch(q);
  const hits = q.trim() ? (search.data?.items ?? []) : [];
  return (
    <Autocomplete inputValue={typed} onInputChange={setTyped} disableAutoFocusFirst={false}>
      <SearchField
        aria-label={t('search.title')}
        autoFocus
        className="flex items-center gap-2.5 border-b border-line px-4"
      >
        <Search size={16} aria-hidden="true" className="shrink-0 text-ink-3" />
        <Input
          placeholder={t('search.placeholder')}
          className="h-12 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-ink-3 [&::-webkit-search-cancel-button]:hidden"
          onCompositionStart={() => {
            setAsked(typed);
            setComposing(true);
          }}
          onCompositionEnd={() => setComposing(false)}
        />
      </SearchField>
      <Menu
        aria-label={t('search.results')}
        items={sections(hits).map((section) => ({ ...section, id: section.entity }))}
        className="min-h-0 flex-1 overflow-auto p-1.5 outline-none empty:hidden"
        renderEmptyState={() => (
          <p className="px-2.5 py-3 text-ink-3">
            {q.trim() === ''
              ? t('search.hint')
              : search.isFetching
                ? t('state.loading')
                : t('search.nothing')}
          </p>
        )}
        onAction={(key) => {
          const [entity = '', id = ''] = String(key).split(' ');
          onClose();
          navigate({ to: paths.record(entity, id) });
        }}
      >
        {(section) => (
          <MenuSection id={section.entity}>
            <Header className="px-2.5 pt-2 pb-1 text-meta text-ink-3">
              {label(entities[section.entity]?.plural)}
            </Header>
            <Collection items={section.hits.map((hit) => ({ ...hit, key: `${hit.entity} ${hit.id}` }))}>
              {(hit) => (
                <MenuItem id={hit.key} textValue={hit.label} className={itemClass}>
                  <Icon name={entities[hit.entity]?.icon} className="shrink-0 text-ink-3" />
                  <span className="truncate">{hit.label}</span>
                  <Snippet hit={hit} />
                </MenuItem>
              )}
            </Collection>
          </MenuSection>
        )}
      </Menu>
    </Autocomplete>
  );
}

/** The text that was found where it is not the title itself. */
function Snippet({ hit }: { hit: SearchHit }) {
  const found = hit.snippet?.find((one) => one.text !== hit.label);
  if (!found) return null;
  const parts: { text: string; hit: boolean }[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of found.hits) {
    parts.push(
      { text: found.text.slice(at, from), hit: false },
      { text: found.text.slice(from, to), hit: true },
    );
    at = to;
  }
  parts.push({ text: found.text.slice(at), hit: false });
  return (
    <span className="ml-auto max-w-1/2 truncate pl-3 text-meta text-ink-3">
      {parts.map((part, i) =>
        part.hit ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text in their order
          <mark key={i} className="bg-transparent font-medium text-accent-ink">
            {part.text}
          </mark>
        ) : (
          part.text
        ),
      )}
    </span>
  );
}
