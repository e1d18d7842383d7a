// The lines of a record in its form: a spreadsheet on a desk, cards on a phone.
// Fetched when a form that has lines is opened.
import { ArrowDown, ArrowUp, Columns3, CopyPlus, ListPlus, Plus, Trash2 } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { equal } from '@/lib/equal';
import { useIsPhone } from '@/lib/media';
import { Button, IconButton } from '@/ui/Button';
import { useContexts, useLabel } from '../context';
import { useRegionName } from '../data';
import type { Values } from '../form/validate';
import { followed } from '../leads';
import { LinesCards } from './LinesCards';
import { LinesGrid } from './LinesGrid';
import { keyOf, type Line, type LinesField, lacking, linesOf, sentLines, within, writeLines } from './lines';
import { useLineDeeds } from './useLineDeeds';

export interface LinesEditorProps {
  field: LinesField;
  /** The record whose lines they are; none for one that is new. */
  of: string | undefined;
  value: unknown;
  onChange(lines: Line[]): void;
  /** What is wrong, by cell. */
  errors: Record<string, string>;
  /** The currency of the record, in which its lines are. */
  currency: string | undefined;
  /** What the server computes of the lines that would be sent, in their order. */
  computed: unknown;
  /** The lines that it computed from, as they were sent. */
  asked: unknown;
}

export default function LinesEditor({
  field: given,
  of,
  value,
  onChange,
  errors,
  computed,
  asked,
  currency,
}: LinesEditorProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const isPhone = useIsPhone();
  const field = useMemo(() => within(given, of), [given, of]);
  const shared = useContexts(useRegionName(field.columns.some((column) => column.type === 'region')));
  const contexts = useMemo(() => (currency ? { ...shared, currency } : shared), [shared, currency]);
  const [isWhole, setWhole] = useState(false);
  const { aside } = field;
  const columns = useMemo(
    () => (isWhole ? field.columns : field.columns.filter((column) => !aside.includes(column.key))),
    [field, aside, isWhole],
  );
  const box = useRef<HTMLElement>(null);
  const titleId = useId();
  const [at, setAt] = useState(0);
  const [said, setSaid] = useState('');
  const lines = linesOf(value);
  const deeds = useLineDeeds(field.columns, lines, onChange);
  const answers = Array.isArray(computed) ? (computed as Record<string, unknown>[]) : [];
  const known = new Map(sentLines(field, value).map((line, i) => [keyOf(line), { ...line, ...answers[i] }]));
  // What the server fills in of a line, from its product for one, is shown as if it was typed.
  const latest = useRef({ lines, onChange });
  latest.current = { lines, onChange };
  useEffect(() => {
    if (!Array.isArray(computed)) return;
    const now = latest.current;
    const lines = sentLines(field, now.lines);
    const sent = writeLines(now.lines, field);
    if (!equal(sent, asked)) return; // an answer to what was typed before
    const more = new Map<string, Values>();
    for (const [i, line] of lines.entries()) {
      const values = followed(field.columns, sent[i] ?? {}, line, computed[i] as Values);
      if (Object.keys(values).length > 0) more.set(keyOf(line), values);
    }
    if (more.size === 0) return;
    now.onChange(
      now.lines.map((line) => {
        const values = more.get(keyOf(line));
        return values ? { ...line, ...values, $filled: { ...line.$filled, ...values } } : line;
      }),
    );
  }, [computed, asked, field]);
  const name = label(field.label);
  // Once the server has answered for all of them.
  const isPriced = !currency || currency === shared.currency || answers.length !== known.size;
  const unpriced = isPriced ? 0 : lacking(field, known, 'price');
  const isLine = at < lines.length;
  const add = () => {
    deeds.insert(lines.length);
    box.current?.querySelector<HTMLElement>('[role="grid"]')?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <section ref={box} aria-labelledby={titleId} data-field={field.key} className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-1">
        <h3 id={titleId} className="mr-auto font-semibold">
          {name}
          {lines.length > 0 && <span className="figures ml-2 font-normal text-ink-3">{lines.length}</span>}
        </h3>
        {!isPhone && (
          <>
            <IconButton
              label={t('lines.insert')}
              keys="Ctrl+Shift+Enter"
              isDisabled={!isLine}
              onPress={() => deeds.insert(at + 1)}
            >
              <ListPlus size={16} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={t('lines.duplicate')}
              keys="Ctrl+Shift+D"
              isDisabled={!isLine}
              onPress={() => deeds.duplicate(at)}
            >
              <CopyPlus size={16} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={t('lines.up')}
              keys="Alt+↑"
              isDisabled={!isLine || at === 0}
              onPress={() => {
                deeds.move(at, at - 1);
                setAt(at - 1);
              }}
            >
              <ArrowUp size={16} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={t('lines.down')}
              keys="Alt+↓"
              isDisabled={at + 1 >= lines.length}
              onPress={() => {
                deeds.move(at, at + 1);
                setAt(at + 1);
              }}
            >
              <ArrowDown size={16} aria-hidden="true" />
            </IconButton>
            <IconButton
              label={t('lines.delete')}
              keys="Ctrl+Del"
              isDisabled={!isLine}
              onPress={() => deeds.remove(at)}
            >
              <Trash2 size={16} aria-hidden="true" />
            </IconButton>
            {aside.length > 0 && (
              <IconButton
                label={t(isWhole ? 'lines.fewer_columns' : 'lines.all_columns')}
                aria-pressed={isWhole}
                onPress={() => setWhole(!isWhole)}
              >
                <Columns3 size={16} aria-hidden="true" />
              </IconButton>
            )}
            <Button look="quiet" onPress={add} data-add="">
              <Plus size={14} aria-hidden="true" />
              {t('lines.add')}
            </Button>
          </>
        )}
      </div>
      {isPhone ? (
        <LinesCards columns={field.columns} {...{ lines, errors, contexts, deeds }} />
      ) : (
        <>
          <LinesGrid
            {...{ name, lines, errors, contexts, deeds, onChange }}
            columns={columns}
            computed={known}
            onLine={setAt}
            onSay={setSaid}
            onLeave={() => box.current?.querySelector<HTMLElement>('[data-add]')?.focus()}
          />
          <p className="mt-1.5 text-meta text-ink-3">{t('lines.keys')}</p>
        </>
      )}
      {currency && unpriced > 0 && (
        <p role="status" className="mt-2 rounded-md bg-warn-wash px-3 py-2 text-meta text-warn">
          {t('lines.no_price', { count: unpriced, own: shared.currency, currency })}
        </p>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
    </section>
  );
}
