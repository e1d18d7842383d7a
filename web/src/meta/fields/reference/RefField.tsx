// Chooses records of another entity: what was seen last stands first, words, pinyin
// and initials find the rest (the server searches), and what is not there yet can be
// made on the spot by those who may.
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity, Ref, Row } from '@/api/types';
import { Avatar } from '@/ui/Avatar';
import { ComboBox } from '@/ui/ComboBox';
import type { FieldProps } from '@/ui/parts';
import type { Choice } from '@/ui/Select';
import { Tag } from '@/ui/Tag';
import { may, useEntity } from '../../context';
import { useChoices } from '../../data';
import { deskQuery } from '../../desk';

const QuickCreate = lazy(() => import('../../form/QuickCreate'));

interface RefFieldProps extends FieldProps {
  /** The entity that is chosen from. */
  target: string;
  value: Ref[];
  onChange(value: Ref[]): void;
  onBlur?(): void;
  many?: boolean;
  placeholder?: string;
  /** The filter of what may be chosen. */
  only?: string;
  /** What is searched for at first. */
  typed?: string;
}

/** The id of the line that makes what was typed. */
const making = '\u0000make';
/** How many of the records seen last are offered. */
const offeredSeen = 5;

function titleOf(row: Row, title: string): string {
  const value = row[title];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : row.id;
}

/** Members have a face, departments a square; other records only their name. */
function markOf(target: string, name: string) {
  if (target === 'org.member') return <Avatar name={name} size={20} />;
  return target === 'org.department' ? <Avatar name={name} size={20} isGroup /> : undefined;
}

/** The text that says what finds a record: people and companies by phone, what has a code of its own by that. */
function searchedBy(entity: Entity | undefined): string {
  const fields = entity?.fields ?? [];
  if (fields.some(({ type }) => type === 'phone')) return 'form.search';
  const hasCode = fields.some(({ key, type, unique }) => unique && type === 'text' && key !== entity?.title);
  return hasCode ? 'form.search_code' : 'form.search_name';
}

/** What may be chosen now, in the order it is offered. */
function useItems(target: string, typed: string, isWanted: boolean, taken: Ref[], only?: string) {
  const entity = useEntity(target);
  const title = entity?.title ?? 'name';
  // Lines stand in no index of words: among those of one record the title tells.
  const isLine = Boolean(entity?.line_of);
  const words = isLine && typed.trim() ? `${title} contains ${JSON.stringify(typed.trim())}` : undefined;
  const filter = only && words ? `(${only}) and ${words}` : (words ?? only);
  const choices = useChoices(target, title, isLine ? '' : typed, isWanted, filter);
  const { data: desk } = useQuery({ ...deskQuery, enabled: isWanted });
  const isFree = (id: string) => !taken.some((ref) => ref.id === id);
  const item = (id: string, name: string): Choice => ({ id, name, mark: markOf(target, name) });
  const seen =
    typed.trim() === '' && !only
      ? (desk?.seen ?? []).flatMap((mark) =>
          mark.entity === target && mark.record && mark.name && isFree(mark.record)
            ? [item(mark.record, mark.name)]
            : [],
        )
      : [];
  const first = seen.slice(0, offeredSeen);
  const rest = (choices.data?.items ?? []).filter(
    (row) => isFree(row.id) && !first.some((one) => one.id === row.id),
  );
  return {
    items: [...first, ...rest.map((row) => item(row.id, titleOf(row, title)))],
    isLoading: choices.isFetching,
    isSettled: choices.isSuccess && !choices.isPlaceholderData,
  };
}

/** Searches another entity as one types and keeps the chosen records. */
export function RefField(props: RefFieldProps) {
  const { target, value, onChange, many, only, placeholder, typed: begun, ...rest } = props;
  const { t } = useTranslation();
  const entity = useEntity(target);
  const single = many ? undefined : value[0];
  const [typed, setTyped] = useState<string | null>(begun?.trim() || null);
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const words = (typed ?? '').trim();
  const taken = many ? value : [];
  const { items, isLoading, isSettled } = useItems(target, words, isOpen || typed !== null, taken, only);
  const shown = single?.label ?? (single?.hidden ? t('field.hidden') : '');
  const isNew = words !== '' && isSettled && !items.some((one) => one.name === words);
  // Members and departments are made in the settings, with a login and a place.
  const mayBeMade = entity && !entity.line_of && may(entity, 'create') && !target.startsWith('org.');
  const mayMake = isNew && mayBeMade;
  const offered: Choice[] = mayMake
    ? [
        ...items,
        {
          id: making,
          name: t('form.create_typed', { name: words }),
          mark: <Plus size={14} aria-hidden="true" className="text-ink-3" />,
        },
      ]
    : items;

  function add(ref: Ref) {
    onChange(many ? [...value, ref] : [ref]);
    setTyped(many ? '' : null);
  }

  function choose(id: string | null) {
    if (id === making) return setMade(words);
    // Left, or chosen once more: what was typed since is given up.
    if (id === (single?.id ?? null)) return setTyped(null);
    const item = items.find((one) => one.id === id);
    if (item) add({ id: item.id, label: item.name });
  }

  // Enter takes the first that was found, also when it is pressed before the server has answered.
  const [isTaking, setTaking] = useState('');
  const first = offered[0]?.id;
  const take = useEffectEvent((id: string) => choose(id));
  useEffect(() => {
    if (isTaking === '' || !isSettled) return;
    setTaking('');
    if (isTaking === words && first) take(first);
  }, [isTaking, isSettled, words, first]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches focus, to ask for choices when they are needed
    <div className="flex min-w-0 flex-col gap-1.5" onFocus={() => setOpen(true)}>
      <ComboBox
        {...rest}
        items={offered}
        text={typed ?? shown}
        mark={typed === null && shown ? markOf(target, shown) : undefined}
        onText={(text) => {
          if (text === shown && typed === null) return;
          setTyped(text);
          if (text === '' && single) onChange([]);
        }}
        // The kit closes its list when the value changes; of many one may want the next.
        value={single?.id ?? null}
        onChange={choose}
        onEnter={() => {
          if (typed === null || words === '') return false;
          setTaking(words);
          return true;
        }}
        onBlur={() => {
          setTyped(null);
          rest.onBlur?.();
        }}
        placeholder={placeholder ?? t(searchedBy(entity))}
        empty={mayBeMade && words === '' ? t('form.create_hint') : undefined}
        isLoading={isLoading}
      />
      {many && value.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {value.map((ref) => (
            <li key={ref.id} className="min-w-0">
              <Tag
                name={ref.label ?? t('field.hidden')}
                onRemove={() => onChange(value.filter((one) => one.id !== ref.id))}
              />
            </li>
          ))}
        </ul>
      )}
      {made !== null && entity && (
        <Suspense>
          <QuickCreate
            entity={entity}
            name={made}
            onDone={(ref) => {
              setMade(null);
              if (ref) add(ref);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
