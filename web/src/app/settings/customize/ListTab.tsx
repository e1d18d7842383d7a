import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLabel } from '@/meta/context';
import { IconButton } from '@/ui/Button';
import { ScrollArea } from '@/ui/ScrollArea';
import { Select } from '@/ui/Select';
import { type Definition, moved } from './definition';
import { SortRow } from './SortRow';

interface ListTabProps {
  entity: Definition;
  list: string[];
  card: string[];
  onChange(part: { list?: string[]; card?: string[] }): void;
}

/** What a list shows of a record as columns, and a card on a phone as lines. */
export function ListTab({ entity, list, card, onChange }: ListTabProps) {
  const { t } = useTranslation();
  return (
    <ScrollArea label={t('settings.customize.tab_list')} className="h-full">
      <div className="mx-auto grid max-w-3xl grid-cols-1 gap-8 px-4 py-5 desk:grid-cols-2">
        <Picked
          entity={entity}
          kind="column"
          title={t('settings.customize.columns_of_list')}
          text={t('settings.customize.list_text')}
          keys={list}
          onChange={(next) => onChange({ list: next })}
        />
        <Picked
          entity={entity}
          kind="line"
          title={t('settings.customize.lines_of_card')}
          text={t('settings.customize.card_text')}
          keys={card}
          onChange={(next) => onChange({ card: next })}
        />
      </div>
    </ScrollArea>
  );
}

interface PickedProps {
  entity: Definition;
  kind: string;
  title: string;
  text: string;
  keys: string[];
  onChange(keys: string[]): void;
}

/** Fields in an order, and a way to take in more. */
function Picked({ entity, kind, title, text, keys, onChange }: PickedProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = new Map(entity.fields.map((one) => [one.field.key, one]));
  const nameOf = (key: string) => label(fields.get(key)?.field.label) || key;
  const others = entity.fields.filter(
    ({ field, retired }) =>
      !retired && !keys.includes(field.key) && !['long_text', 'rich_text'].includes(field.type),
  );
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <div>
        <h2 className="text-[14px]/[20px] font-semibold">{title}</h2>
        <p className="text-ink-2">{text}</p>
      </div>
      <ul className="rounded-md border border-line">
        {keys.map((key, at) => (
          <SortRow
            key={key}
            kind={kind}
            place={String(at)}
            name={nameOf(key)}
            isFirst={at === 0}
            isLast={at === keys.length - 1}
            onStep={(by) => onChange(moved(keys, at, at + by))}
            onDrop={(from) => onChange(moved(keys, Number(from), at))}
          >
            <span className="min-w-0 flex-1 truncate">{nameOf(key)}</span>
            <IconButton
              label={t('action.remove_name', { name: nameOf(key) })}
              className="!size-7 pointer-coarse:!size-10"
              isDisabled={keys.length === 1}
              onPress={() => onChange(keys.filter((one) => one !== key))}
            >
              <X size={14} aria-hidden="true" />
            </IconButton>
          </SortRow>
        ))}
      </ul>
      <Select
        key={keys.length}
        label={t('settings.customize.take_in')}
        items={others.map(({ field }) => ({ id: field.key, name: label(field.label) || field.key }))}
        value={null}
        onChange={(key) => key && onChange([...keys, key])}
      />
    </section>
  );
}
