// The elements of one line of a list. They are made once and written anew as other
// records come by, one element for a cell: what a frame costs is what has changed.
import type { Entity, Field, Row } from '@/api/types';
import { type Contexts, fieldsOf } from '../context';
import { isFigure, marksOf, valueText } from '../fields';
import { paths } from '../paths';

/** What all lines of a list have in common. */
export interface RowPlan {
  entity: Entity;
  fields: Field[];
  contexts: Contexts;
  /** Rows can be chosen. */
  hasPick: boolean;
  /** The cells can be focused and edited one by one; else the whole row is one link. */
  hasCells: boolean;
}

interface Cell {
  element: HTMLElement;
  /** The classes of the element, less those of the dot. */
  look: string;
  text: Text;
  /** The parts of a value with several dots; the text is empty then. */
  parts: HTMLElement[];
  shown: string;
  dot: string;
}

export interface Line {
  element: HTMLElement;
  index: number;
  /** The record that it shows; undefined before the first. */
  of: Row | undefined;
  cells: Cell[];
  pick?: HTMLInputElement;
  link?: HTMLAnchorElement;
  cover?: HTMLAnchorElement;
  hasErrors: boolean;
}

export interface RowState {
  isChosen: boolean;
  isPeeked: boolean;
  /** What went wrong when this row was changed, by field. */
  errors?: Record<string, string>;
}

function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Record<string, string> = {},
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  for (const name in attributes) element.setAttribute(name, attributes[name] ?? '');
  return element;
}

function makeCell(element: HTMLElement): Cell {
  const text = document.createTextNode('');
  element.append(text);
  return { element, look: element.className, text, parts: [], shown: '', dot: '' };
}

export function makeLine({ entity, fields, hasPick, hasCells }: RowPlan): Line {
  const element = make('div', 'row', { role: 'row' });
  const line: Line = { element, index: -1, of: undefined, cells: [], hasErrors: false };
  if (hasPick) {
    const box = make('div', 'cell stays pick-cell', { role: 'gridcell', 'data-pick': '' });
    line.pick = make('input', 'pick', { type: 'checkbox' });
    box.append(line.pick);
    element.append(box);
  }
  if (!hasCells) {
    line.cover = make('a', 'cover', { 'data-to': '', tabindex: '-1', 'aria-hidden': 'true' });
    element.append(line.cover);
  }
  fields.forEach((field, i) => {
    const isTitle = field.key === entity.title;
    const cell = make('div', cellClass(field, i, hasPick) + (hasCells ? '' : ' covered'), {
      role: hasCells ? 'gridcell' : 'cell',
      'data-tip-cut': '',
    });
    if (hasCells) cell.dataset.cell = field.key;
    if (hasCells && !isTitle) cell.tabIndex = -1;
    if (isTitle) {
      line.link = make('a', 'title', { 'data-to': '' });
      cell.append(line.link);
      line.cells.push({ ...makeCell(line.link), element: cell });
    } else {
      line.cells.push(makeCell(cell));
    }
    element.append(cell);
  });
  return line;
}

const dotClass = (dot: string) => (dot ? ` dot dot-${dot}` : '');

function cellClass(field: Field, at: number, hasPick: boolean): string {
  const stays = at === 0 ? (hasPick ? ' stays after-pick' : ' stays first') : '';
  return `cell${stays}${isFigure(field) ? ' figures figure' : ''}`;
}

/** The words of "choose NAME" around the name: they are looked up once, not for every row. */
export function around(words: (values: { name: string }) => string): (name: string) => string {
  const [before = '', after = ''] = words({ name: '\u0000' }).split('\u0000');
  return (name) => before + name + after;
}

function write(cell: Cell, text: string, dot: string) {
  if (cell.dot !== dot) {
    cell.dot = dot;
    cell.element.className = cell.look + dotClass(dot);
  }
  if (cell.shown === text) return;
  cell.shown = text;
  for (const part of cell.parts) part.remove();
  cell.parts = [];
  cell.text.data = text;
}

/** A value of several marks: each has its own dot. */
function writeMarks(cell: Cell, marks: { text: string; dot?: string }[]) {
  const text = marks.map((mark) => `${mark.dot ?? ''} ${mark.text}`).join('\n');
  if (cell.shown === text) return;
  write(cell, '', '');
  cell.shown = text;
  cell.parts = marks.map((mark) => {
    const part = make('span', `mark${dotClass(mark.dot ?? '')}`);
    part.textContent = mark.text;
    return part;
  });
  cell.element.append(...cell.parts);
}

export type Chooser = (name: string) => string;

/** Writes a record into a line. */
export function writeRow(line: Line, plan: RowPlan, row: Row, chooser: Chooser) {
  const { entity, fields, contexts } = plan;
  line.of = row;
  line.element.dataset.id = row.id;
  const href = paths.record(entity.name, row.id);
  line.cover?.setAttribute('href', href);
  line.link?.setAttribute('href', href);
  let name = '';
  fields.forEach((field, i) => {
    const cell = line.cells[i] as Cell;
    const value = row[field.key];
    const context = { ...contexts, field, row };
    const isTitle = field.key === entity.title;
    const marks = isTitle ? undefined : marksOf(value, context);
    if (marks && marks.length > 1) {
      writeMarks(cell, marks);
      return;
    }
    const text = marks?.[0]?.text ?? valueText(value, context);
    if (isTitle) name = text || contexts.t('field.untitled');
    write(cell, isTitle ? name : text, marks?.[0]?.dot ?? '');
  });
  if (!line.link) {
    const title = fieldsOf(entity).get(entity.title);
    name = title ? valueText(row[title.key], { ...contexts, field: title, row }) : row.id;
  }
  line.pick?.setAttribute('aria-label', chooser(name));
}

/** A record that is on its way. */
export function writeNothing(line: Line) {
  line.of = undefined;
  delete line.element.dataset.id;
  line.link?.removeAttribute('href');
  line.cover?.removeAttribute('href');
  for (const cell of line.cells) write(cell, '', '');
}

/** Writes what is the state of a row and no value of it. */
export function writeState(line: Line, { fields }: RowPlan, { isChosen, isPeeked, errors }: RowState) {
  if (line.pick && line.pick.checked !== isChosen) line.pick.checked = isChosen;
  if (line.pick) put(line.element, 'aria-selected', String(isChosen));
  put(line.element, 'aria-current', isPeeked ? 'true' : null);
  if (!errors && !line.hasErrors) return;
  line.hasErrors = Boolean(errors);
  fields.forEach((field, i) => {
    const cell = line.cells[i]?.element;
    const error = errors?.[field.key];
    if (!cell) return;
    put(cell, 'aria-invalid', error ? 'true' : null);
    put(cell, 'data-tip', error ?? null);
  });
}

/** Sets an attribute only where it is another: setting it costs style, asking does not. */
function put(element: HTMLElement, name: string, value: string | null) {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
