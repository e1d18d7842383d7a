// Lines as a spreadsheet: one cell has focus, arrows move, typing writes over,
// Enter and Tab go on, Esc goes back. Rows are plain elements; only the active
// cell is a field, so that hanzi are composed where they stand.
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type PointerEvent,
  useCallback,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { Field } from '@/api/types';
import { today } from '@/lib/dates';
import type { Contexts } from '../context';
import { useRegions } from '../data';
import { canEdit } from '../fields';
import { emptied } from '../leads';
import { LineCellEditor, type LineCellEditorProps } from './LineCellEditor';
import { GridColumns, GridFoot, GridHead, gripWidth, widthOf } from './LinesEnds';
import { LinesRow } from './LinesRow';
import { errorsByLine, keyOf, type Line } from './lines';
import { cleared, filledDown, pasted } from './paste';
import { cellText, isTyped, readTyped } from './read';
import { parseTsv, toTsv } from './tsv';
import { type Spot, useGridSpot } from './useGridSpot';
import type { LineDeeds } from './useLineDeeds';
import { useNameLookup } from './usePasting';

export interface LinesGridProps {
  name: string;
  columns: Field[];
  lines: Line[];
  /** What the server computes, by the key of the line. */
  computed: Map<string, Record<string, unknown>>;
  errors: Record<string, string>;
  contexts: Contexts;
  deeds: LineDeeds;
  onChange(lines: Line[]): void;
  /** The line that has focus. */
  onLine(at: number): void;
  /** Esc: focus goes out of the grid. */
  onLeave(): void;
  onSay(text: string): void;
}

/** The cell whose editor is open, where it stands, and the character that opened it. */
type Opened = LineCellEditorProps['place'] & { spot: Spot; typed?: string };

const none: Record<string, string> = {};
/** Rows that Page Up and Page Down go. */
const leap = 10;

export function LinesGrid(props: LinesGridProps) {
  const { name, columns, lines, computed, errors, contexts, deeds, onChange, onLine, onLeave, onSay } = props;
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState<Opened | null>(null);
  const [drag, setDrag] = useState<{ from: number; over: number } | null>(null);
  const [hasFocus, setFocus] = useState(false);
  const wantsFocus = useRef(false);
  const spot = useGridSpot(lines.length + 1, columns.length);
  const { at, rect } = spot;
  const regions = useRegions(columns.some((column) => column.type === 'region'));
  const latest = useRef(lines);
  latest.current = lines;
  const lookUp = useNameLookup(() => latest.current, onChange);
  const [ghost, setGhost] = useState(deeds.blank);
  const column = columns[at.column];
  const line = lines[at.row] ?? ghost;

  const active = useCallback(
    () => box.current?.querySelector<HTMLElement>(`[data-spot="${at.row}.${at.column}"]`),
    [at.row, at.column],
  );
  useLayoutEffect(() => {
    if (!wantsFocus.current || open) return;
    wantsFocus.current = false;
    const cell = active();
    const input = cell?.querySelector('input');
    (input ?? cell)?.focus({ preventScroll: true });
    input?.select();
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  function go(to: Spot, isStretched = false) {
    setTyped(null);
    wantsFocus.current = true;
    spot.go(to, isStretched);
    onLine(isStretched ? at.row : Math.max(0, Math.min(to.row, lines.length)));
  }

  /** A new line takes what was put into the last row. */
  function put(value: unknown) {
    if (!column || !canEdit(column)) return;
    deeds.put(at.row, { ...line, ...emptied(column), [column.key]: value });
    if (at.row >= lines.length) setGhost(deeds.blank());
  }

  function commit() {
    if (typed === null || !column) return;
    setTyped(null);
    const value = readTyped(column, typed, today(contexts.zone));
    if (at.row < lines.length || value !== null) put(value);
  }

  function begin(typed?: string) {
    if (!column || !canEdit(column)) return;
    if (isTyped(column)) {
      const input = active()?.querySelector('input');
      setTyped(input?.value ?? '');
      input?.setSelectionRange(input.value.length, input.value.length);
      return;
    }
    if (column.type === 'switch') return put(line[column.key] !== true);
    const cell = active();
    if (cell)
      setOpen({
        spot: at,
        top: cell.offsetTop,
        left: cell.offsetLeft,
        width: cell.offsetWidth,
        height: cell.offsetHeight,
        typed,
      });
  }

  function step(by: number) {
    const next = at.row * columns.length + at.column + by;
    go({
      row: Math.floor(next / columns.length),
      column: ((next % columns.length) + columns.length) % columns.length,
    });
  }

  function shift(by: -1 | 1) {
    const to = at.row + by;
    if (at.row >= lines.length || to < 0 || to >= lines.length) return;
    deeds.move(at.row, to);
    onSay(t('lines.moved', { n: to + 1 }));
    go({ row: to, column: at.column });
  }

  function drop() {
    if (at.row >= lines.length) return;
    const bottom = Math.min(rect.bottom, lines.length - 1);
    deeds.remove(rect.top, bottom);
    onSay(t('lines.deleted', { count: bottom - rect.top + 1 }));
    go({ row: rect.top, column: at.column });
  }

  function insert(below: boolean) {
    const to = Math.min(at.row + (below ? 1 : 0), lines.length);
    deeds.insert(to);
    go({ row: to, column: 0 });
  }

  /** Ctrl or Cmd with a key; true when it meant something. */
  function combined(event: KeyboardEvent): boolean {
    const key = event.key.toLowerCase();
    if (key === 'd' && event.shiftKey) {
      if (at.row < lines.length) {
        deeds.duplicate(at.row);
        go({ row: at.row + 1, column: at.column });
      }
    } else if (key === 'd')
      onChange(filledDown(lines, columns, { ...rect, bottom: Math.min(rect.bottom, lines.length - 1) }));
    else if (key === 'home') go({ row: 0, column: 0 }, event.shiftKey);
    else if (key === 'end') go({ row: lines.length, column: columns.length - 1 }, event.shiftKey);
    else if (key === 'delete' || key === 'backspace') drop();
    else if (key === 'enter' && event.shiftKey) insert(true);
    else if (key === 'a' && typed === null)
      spot.choose({ top: 0, bottom: Math.max(0, lines.length - 1), left: 0, right: columns.length - 1 });
    else return false;
    return true;
  }

  function arrow(event: KeyboardEvent): boolean {
    const [down, right] = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-leap, 0],
      PageDown: [leap, 0],
    }[event.key] ?? [0, 0];
    if (!down && !right) return false;
    if (event.altKey) {
      if (down === 1 || down === -1) shift(down);
      return Boolean(down);
    }
    const from = event.shiftKey
      ? {
          row: rect.top === at.row ? rect.bottom : rect.top,
          column: rect.left === at.column ? rect.right : rect.left,
        }
      : at;
    go({ row: from.row + (down ?? 0), column: from.column + (right ?? 0) }, event.shiftKey);
    return true;
  }

  /** The keys while something is being typed into a cell. */
  function typing(event: KeyboardEvent): boolean {
    if (event.key === 'Escape') {
      setTyped(null);
      wantsFocus.current = true;
    } else if (event.key === 'Enter' || event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const isUp = event.key === 'ArrowUp' || (event.key === 'Enter' && event.shiftKey);
      commit();
      go({ row: at.row + (isUp ? -1 : 1), column: at.column });
    } else if (event.key === 'Tab') {
      commit();
      step(event.shiftKey ? -1 : 1);
    } else return false;
    return true;
  }

  function moving(event: KeyboardEvent): boolean {
    const { key } = event;
    const last = (lines.length + 1) * columns.length - 1;
    const place = at.row * columns.length + at.column;
    if (arrow(event)) return true;
    if (key === 'Tab') {
      if (event.shiftKey ? place === 0 : place === last) return false;
      step(event.shiftKey ? -1 : 1);
    } else if (key === 'Home' || key === 'End')
      go({ row: at.row, column: key === 'Home' ? 0 : columns.length - 1 }, event.shiftKey);
    else if (key === 'Enter' || key === 'F2' || (key === ' ' && column && !isTyped(column))) begin();
    else if (key === 'Escape') onLeave();
    else if (key === 'Delete' || key === 'Backspace') onChange(cleared(lines, columns, rect));
    else if (key.length === 1 && !event.altKey && column && !isTyped(column) && canEdit(column)) begin(key);
    else return false;
    return true;
  }

  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || open) return;
    const mod = event.ctrlKey || event.metaKey;
    const isTaken = mod
      ? (typed === null || event.key === 'Enter') && combined(event)
      : typed === null
        ? moving(event)
        : typing(event);
    if (!isTaken) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function point(event: PointerEvent) {
    const target = event.target as Element;
    const [row, place] = (target.closest<HTMLElement>('[data-spot]')?.dataset.spot ?? '')
      .split('.')
      .map(Number);
    if (row === undefined || place === undefined || Number.isNaN(row) || open) return;
    if (row === at.row && place === at.column && !event.shiftKey && hasFocus) {
      if (column && !isTyped(column)) begin();
      else if (typed === null) setTyped(active()?.querySelector('input')?.value ?? '');
      return;
    }
    event.preventDefault();
    commit();
    go({ row, column: place }, event.shiftKey);
  }

  function paste(event: ClipboardEvent) {
    const text = event.clipboardData.getData('text/plain');
    if (text === '' || open || (typed !== null && !/[\t\n]/.test(text))) return;
    event.preventDefault();
    setTyped(null);
    const known = { today: today(contexts.zone), regions };
    const done = pasted(lines, columns, rect, parseTsv(text), known, deeds.blank, (one) =>
      contexts.label(one.label),
    );
    onChange(done.lines);
    onSay(t('lines.pasted', { count: done.rect.bottom - done.rect.top + 1 }));
    spot.choose(done.rect);
    wantsFocus.current = true;
    if (done.asked.length > 0) {
      latest.current = done.lines;
      void lookUp(done.asked);
    }
  }

  function copy(event: ClipboardEvent, isCut: boolean) {
    if (typed !== null || open) return;
    const chosen = lines.slice(rect.top, rect.bottom + 1);
    if (chosen.length === 0) return;
    event.preventDefault();
    const cells = chosen.map((one) =>
      columns.slice(rect.left, rect.right + 1).map((col) => cellText(col, one, contexts)),
    );
    event.clipboardData.setData('text/plain', toTsv(cells));
    if (isCut) onChange(cleared(lines, columns, rect));
  }

  const over = (event: DragEvent) => {
    if (!drag) return;
    const row = (event.target as Element).closest<HTMLElement>('[data-line]')?.dataset.line;
    event.preventDefault();
    if (row !== undefined && Number(row) !== drag.over) setDrag({ ...drag, over: Number(row) });
  };

  const onType = useCallback((text: string) => setTyped(text), []);
  const cellDeeds = useRef({ commit, begin });
  cellDeeds.current = { commit, begin };
  const onCellLeft = useCallback(() => cellDeeds.current.commit(), []);
  const onSeek = useCallback((text: string) => cellDeeds.current.begin(text), []);
  const rowErrors = useMemo(() => errorsByLine(errors), [errors]);
  const all = [...lines, ghost];
  const isRange = hasFocus && (rect.top !== rect.bottom || rect.left !== rect.right);
  const isChosen = (row: number) => isRange && row >= rect.top && row <= rect.bottom;
  const width = columns.reduce((sum, one) => sum + widthOf(one), gripWidth);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: watches the grid inside
    <div
      ref={box}
      className="relative overflow-x-auto rounded-md border border-line-strong"
      onFocus={() => setFocus(true)}
      onBlur={(event) => setFocus(Boolean(box.current?.contains(event.relatedTarget)))}
      onKeyDown={press}
      onPointerDown={point}
      onPaste={paste}
      onCopy={(event) => copy(event, false)}
      onCut={(event) => copy(event, true)}
      onDragStart={(event) => {
        const grip = (event.target as Element).closest<HTMLElement>('[data-grip]')?.dataset.grip;
        if (grip === undefined) return;
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', '');
        setDrag({ from: Number(grip), over: Number(grip) });
      }}
      onDragOver={over}
      onDragEnd={() => setDrag(null)}
      onDrop={(event) => {
        if (!drag) return;
        event.preventDefault();
        deeds.move(drag.from, drag.over > drag.from ? drag.over - 1 : drag.over);
        setDrag(null);
      }}
    >
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose cells are edited
        role="grid"
        aria-label={name}
        aria-rowcount={all.length + 1}
        aria-colcount={columns.length + 1}
        aria-multiselectable="true"
        className="w-full table-fixed border-separate border-spacing-0 text-left"
        style={{ minWidth: width }}
      >
        <GridColumns columns={columns} />
        <GridHead columns={columns} contexts={contexts} />
        <tbody>
          {all.map((one, i) => (
            <LinesRow
              key={keyOf(one)}
              columns={columns}
              line={one}
              index={i}
              computed={computed.get(keyOf(one))}
              contexts={contexts}
              active={i === at.row ? at.column : -1}
              from={isChosen(i) ? rect.left : -1}
              to={isChosen(i) ? rect.right : -2}
              typed={i === at.row ? typed : null}
              isOpen={i === at.row && open !== null}
              isNew={i === lines.length}
              isDropping={drag !== null && drag.over === i && drag.over !== drag.from}
              errors={rowErrors.get(keyOf(one)) ?? none}
              onType={onType}
              onLeave={onCellLeft}
              onSeek={onSeek}
            />
          ))}
        </tbody>
        <GridFoot {...{ columns, lines, computed, contexts }} />
      </table>
      {open && column && (
        <LineCellEditor
          column={column}
          line={line}
          place={open}
          typed={open.typed}
          onDone={(result, by) => {
            setOpen(null);
            wantsFocus.current = true;
            if (result) put(result.value);
            if (by) step(by);
          }}
        />
      )}
    </div>
  );
}
