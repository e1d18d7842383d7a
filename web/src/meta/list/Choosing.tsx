// What is chosen of a list, kept here and not in the page: choosing draws rows and
// the bar of what can be done with them, nothing else.
import {
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
} from 'react';
import type { Entity, Row } from '@/api/types';
import type { ListQuery } from '../data';
import { isNothing, nothing, type Selection } from './selection';

const BulkBar = lazy(() => import('./BulkBar'));

interface ChoosingProps {
  entity: Entity;
  query: ListQuery;
  columns: string[];
  rows: Row[];
  /** How many records the list has, and whether that is exact. */
  total: number;
  isExact: boolean;
  /** On a phone rows are chosen in a mode of its own: as it begins or ends, nothing is chosen. */
  isChoosing: boolean;
  children(selection: Selection, onSelect: (selection: Selection) => void): ReactNode;
}

export function Choosing(props: ChoosingProps) {
  const { entity, query, columns, rows, total, isExact, isChoosing, children } = props;
  const [selection, onSelect] = useSelection(`${query.filter} ${query.q}`);
  const mode = useRef(isChoosing);
  useEffect(() => {
    if (mode.current !== isChoosing) onSelect(nothing);
    mode.current = isChoosing;
  }, [isChoosing, onSelect]);
  // The rows answer a press at once; the bar comes when the browser has drawn them.
  const later = useDeferredValue(selection);
  const [isWanted, setWanted] = useState(false);
  if (!isWanted && !isNothing(later)) setWanted(true);
  return (
    <>
      {children(selection, onSelect)}
      {/* Once fetched it stays: its work may go on. */}
      {isWanted && (
        <Suspense>
          <BulkBar {...{ entity, onSelect, total, isExact, query, columns, rows }} selection={later} />
        </Suspense>
      )}
    </>
  );
}

/** What is chosen belongs to what is asked: another question, nothing chosen. */
function useSelection(question: string): [Selection, (selection: Selection) => void] {
  const [kept, keep] = useState({ question, selection: nothing });
  const selection = kept.question === question ? kept.selection : nothing;
  const choose = useCallback((next: Selection) => keep({ question, selection: next }), [question]);
  return [selection, choose];
}
