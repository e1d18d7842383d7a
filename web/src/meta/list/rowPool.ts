// Draws the lines of a list as it is scrolled, past React: few lines exist, and those
// that leave the view are written anew for those that come in. Ten thousand rows
// scroll with about forty elements a column being written to.
import type { Lines } from './lines';
import {
  around,
  type Chooser,
  type Line,
  makeLine,
  type RowPlan,
  type RowState,
  writeNothing,
  writeRow,
  writeState,
} from './rowParts';

export interface PoolProps {
  plan: RowPlan;
  lines: Lines;
  rowHeight: number;
  /** What stands over the first line inside the scrolled box, and what covers its foot. */
  above: number;
  below: number;
  stateOf(id: string): RowState;
  /** Told the last line on show whenever other ones are. */
  onReach(first: number, last: number): void;
}

export interface RowPool {
  show(props: PoolProps): void;
  /** Brings a line into view and has it drawn; undefined when there is none. */
  reveal(index: number): HTMLElement | undefined;
  end(): void;
}

/** Lines that are drawn beyond the edges, for the frame in which one scrolls on. */
const beyond = 8;
/** When nothing has moved for so long, lines are put in order and the edges are drawn. */
const restAfter = 120;

export function rowPool(body: HTMLElement, box: HTMLElement): RowPool {
  let props: PoolProps | undefined;
  let chooser: Chooser = (name) => name;
  let resting = 0;
  let height = box.clientHeight;
  /** Where the box stands. Asking it while rows have changed would cost a layout of its own. */
  let scrolled = box.scrollTop;
  const drawn = new Map<number, Line>();

  function show(next: PoolProps) {
    const old = props;
    props = next;
    const isOther = old?.plan !== next.plan;
    // The box is where it was, unless its lines became fewer or lower.
    if (old && (old.lines !== next.lines || old.rowHeight !== next.rowHeight)) scrolled = box.scrollTop;
    if (isOther) {
      const { t } = next.plan.contexts;
      chooser = around((values) => t('list.choose', values));
      const focused = focusedLine()?.index;
      const key = document.activeElement?.closest<HTMLElement>('[data-cell]')?.dataset.cell;
      for (const line of drawn.values()) line.element.remove();
      drawn.clear();
      // What is seen comes first; the edges when the browser has drawn it.
      draw(0);
      clearTimeout(resting);
      resting = window.setTimeout(rest, restAfter);
      if (focused !== undefined) refocus(focused, key);
      return;
    }
    for (const [index, line] of drawn) {
      if (index < next.lines.count) continue;
      line.element.remove();
      drawn.delete(index);
    }
    for (const line of drawn.values()) {
      if (old.rowHeight !== next.rowHeight) place(line);
      fill(line);
    }
    draw(beyond);
  }

  /** Columns came or went: who was at a cell stays at it. */
  function refocus(index: number, key: string | undefined) {
    const element = drawn.get(index)?.element;
    const cell = key ? element?.querySelector<HTMLElement>(`[data-cell="${key}"]`) : null;
    const target = cell?.querySelector<HTMLElement>('a') ?? cell ?? element?.querySelector<HTMLElement>('a');
    target?.focus({ preventScroll: true });
  }

  function focusedLine(): Line | undefined {
    const focused = document.activeElement;
    if (!focused || !body.contains(focused)) return undefined;
    for (const line of drawn.values()) if (line.element.contains(focused)) return line;
    return undefined;
  }

  function place(line: Line) {
    if (!props) return;
    line.element.style.transform = `translateY(${line.index * props.rowHeight}px)`;
  }

  /** Writes into a line what stands at its index, where that is not there already. */
  function fill(line: Line) {
    if (!props) return;
    const { plan, lines, stateOf } = props;
    const row = lines.row(line.index);
    if (!row) {
      if (line.of !== undefined || line.element.dataset.waiting === undefined) writeNothing(line);
      line.element.dataset.waiting = '';
      return;
    }
    if (row !== line.of) {
      delete line.element.dataset.waiting;
      writeRow(line, plan, row, chooser);
    }
    writeState(line, plan, stateOf(row.id));
  }

  function draw(over: number) {
    if (!props) return;
    const { lines, rowHeight, above } = props;
    const top = Math.max(0, scrolled - above);
    const first = Math.max(0, Math.floor(top / rowHeight) - over);
    const last = Math.min(lines.count, Math.ceil((top + height) / rowHeight) + over) - 1;
    const missing: number[] = [];
    for (let index = first; index <= last; index++) if (!drawn.has(index)) missing.push(index);
    if (missing.length > 0) {
      const spare = spareLines(first, last);
      for (const index of missing) {
        const line = spare.pop() ?? makeLine(props.plan);
        drawn.delete(line.index);
        line.index = index;
        line.element.dataset.row = String(index);
        line.element.setAttribute('aria-rowindex', String(index + 2));
        place(line);
        fill(line);
        if (!line.element.parentNode) body.append(line.element);
        drawn.set(index, line);
      }
    }
    props.onReach(first, last);
  }

  /** Lines out of view, the farthest last. That with the focus stays what it is. */
  function spareLines(first: number, last: number): Line[] {
    const focused = focusedLine();
    return [...drawn.values()].filter(
      (line) => (line.index < first || line.index > last) && line !== focused,
    );
  }

  /** The edges are drawn, lines far away go, and the others stand in the order in which they are read. */
  function rest() {
    if (!props) return;
    draw(beyond);
    const first = Math.floor((scrolled - props.above) / props.rowHeight) - 2 * beyond;
    const last = Math.ceil((scrolled - props.above + height) / props.rowHeight) + 2 * beyond;
    const focused = focusedLine();
    const kept: Line[] = [];
    for (const line of drawn.values()) {
      if (line === focused || (line.index >= first && line.index <= last)) kept.push(line);
      else {
        line.element.remove();
        drawn.delete(line.index);
      }
    }
    kept.sort((a, b) => a.index - b.index);
    // An element that is moved loses the focus: the others are moved around it.
    const from = Math.max(0, focused ? kept.indexOf(focused) : 0);
    for (let i = from + 1; i < kept.length; i++) {
      const before = kept[i - 1]?.element;
      const element = kept[i]?.element;
      if (before && element && before.nextSibling !== element) before.after(element);
    }
    for (let i = from - 1; i >= 0; i--) {
      const after = kept[i + 1]?.element;
      const element = kept[i]?.element;
      if (after && element && after.previousSibling !== element) after.before(element);
    }
  }

  /** One who jumps sees only where he lands; one who scrolls on has the edges drawn before him. */
  function scroll() {
    const before = scrolled;
    scrolled = box.scrollTop;
    const isJump = Math.abs(scrolled - before) > height / 2;
    const isAside = box.scrollLeft > 0;
    if (isAside !== box.hasAttribute('data-aside')) box.toggleAttribute('data-aside', isAside);
    draw(isJump ? 0 : beyond);
    clearTimeout(resting);
    resting = window.setTimeout(rest, restAfter);
  }

  function reveal(index: number): HTMLElement | undefined {
    if (!props || index < 0 || index >= props.lines.count) return undefined;
    const { rowHeight, above, below } = props;
    const top = index * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    const foot = above + top + rowHeight + below;
    if (foot > box.scrollTop + height) box.scrollTop = foot - height;
    scrolled = box.scrollTop;
    draw(beyond);
    return drawn.get(index)?.element;
  }

  const resized = new ResizeObserver(() => {
    height = box.clientHeight;
    scrolled = box.scrollTop;
    draw(beyond);
  });
  resized.observe(box);
  box.addEventListener('scroll', scroll, { passive: true });
  return {
    show,
    reveal,
    end() {
      clearTimeout(resting);
      resized.disconnect();
      box.removeEventListener('scroll', scroll);
      for (const line of drawn.values()) line.element.remove();
      drawn.clear();
    },
  };
}
