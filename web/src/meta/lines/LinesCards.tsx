// Lines on a phone: a card for each, a sheet to fill one in.
import { ChevronRight, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Sheet } from '@/ui/Sheet';
import { type Contexts, useLabel } from '../context';
import { canEdit, isFigure } from '../fields';
import { editorOf } from '../fields/editors';
import { cellAt, isRaw, keyOf, type Line } from './lines';
import { cellText } from './read';
import type { LineDeeds } from './useLineDeeds';

interface LinesCardsProps {
  columns: Field[];
  lines: Line[];
  errors: Record<string, string>;
  contexts: Contexts;
  deeds: LineDeeds;
}

/** How many values stand on a card under its name. */
const told = 4;

export function textsOf(columns: Field[], line: Line, contexts: Contexts): string[] {
  return columns
    .filter((column) => line[column.key] !== false)
    .map((column, i) => {
      const name = contexts.label(column.label);
      if (column.type === 'switch' && line[column.key] === true) return name;
      const text = cellText(column, line, contexts);
      // A figure without its name says nothing.
      return text !== '' && i > 0 && isFigure(column) ? `${name} ${text}` : text;
    })
    .filter((text, i, all) => text !== '' && all.indexOf(text) === i);
}

export function LinesCards({ columns, lines, errors, contexts, deeds }: LinesCardsProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState<number | null>(null);
  return (
    <>
      <ul className="flex flex-col gap-2">
        {lines.map((line, i) => (
          <li key={keyOf(line)}>
            <LineCard {...{ columns, line, contexts }} index={i} errors={errors} onPress={() => setAt(i)} />
          </li>
        ))}
      </ul>
      <Button
        className="mt-2 w-full"
        onPress={() => {
          deeds.insert(lines.length);
          setAt(lines.length);
        }}
      >
        <Plus size={14} aria-hidden="true" />
        {t('lines.add')}
      </Button>
      {at !== null && lines[at] && (
        <LineSheet
          {...{ columns, errors, deeds }}
          line={lines[at]}
          index={at}
          count={lines.length}
          onMove={setAt}
          onClose={() => setAt(null)}
        />
      )}
    </>
  );
}

interface CardProps extends Pick<LinesCardsProps, 'columns' | 'contexts' | 'errors'> {
  line: Line;
  index: number;
  onPress(): void;
}

function LineCard({ columns, line, index, contexts, errors, onPress }: CardProps) {
  const { t } = useTranslation();
  const texts = textsOf(columns, line, contexts);
  const wrong = columns.some((column) => errors[cellAt(line, column.key)]);
  return (
    <button
      type="button"
      data-line={index}
      onClick={onPress}
      className={cx(
        'flex w-full items-center gap-2 rounded-md border bg-panel px-3 py-2.5 text-left',
        wrong ? 'border-danger' : 'border-line-strong',
      )}
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{texts[0] ?? t('lines.row', { n: index + 1 })}</span>
        <span className="line-clamp-2 text-meta text-ink-2">{texts.slice(1, told).join(' · ')}</span>
        {wrong && <span className="block text-meta text-danger">{t('lines.wrong')}</span>}
      </span>
      <ChevronRight size={16} aria-hidden="true" className="shrink-0 text-ink-3" />
    </button>
  );
}

interface SheetProps extends Pick<LinesCardsProps, 'columns' | 'errors' | 'deeds'> {
  line: Line;
  index: number;
  count: number;
  onMove(to: number): void;
  onClose(): void;
}

function LineSheet({ columns, line, index, count, errors, deeds, onMove, onClose }: SheetProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const shift = (by: number) => {
    deeds.move(index, index + by);
    onMove(index + by);
  };
  const foot = (
    <>
      <Button
        look="quiet"
        className="mr-auto text-danger"
        onPress={() => {
          onClose();
          deeds.remove(index);
        }}
      >
        {t('lines.delete')}
      </Button>
      <Button isDisabled={index === 0} onPress={() => shift(-1)}>
        {t('lines.up')}
      </Button>
      <Button isDisabled={index === count - 1} onPress={() => shift(1)}>
        {t('lines.down')}
      </Button>
      <Button look="primary" onPress={onClose}>
        {t('lines.done')}
      </Button>
    </>
  );
  return (
    <Sheet title={t('lines.row', { n: index + 1 })} isOpen onClose={onClose} foot={foot}>
      <div className="flex flex-col gap-4 p-4">
        {columns.filter(canEdit).map((column) => {
          const Editor = editorOf(column);
          const held = line[column.key];
          return (
            Editor && (
              <Editor
                key={column.key}
                field={column}
                label={label(column.label)}
                help={label(column.help) || undefined}
                isRequired={column.required}
                value={isRaw(held) ? null : (held ?? null)}
                row={line}
                error={errors[cellAt(line, column.key)]}
                onChange={(next) => deeds.put(index, { ...line, [column.key]: next ?? null })}
              />
            )
          );
        })}
      </div>
    </Sheet>
  );
}
