import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post, remove as removeAt } from '@/api/client';
import type { Entity, SavedView } from '@/api/types';
import { toasts } from '@/ui/toasts';
import { useMe } from '../context';
import { useProblemText } from '../ProblemNotice';
import {
  columnsOf,
  filterOf,
  firstView,
  isChanged,
  type ListSearch,
  limitsFrom,
  type Show,
  shapeOf,
  sortOf,
  type View,
  withShape,
} from './query';
import type { ColumnWidths } from './useWidths';

/** What a person says of a view when saving it. */
export interface ViewChoice {
  name: string;
  shared: boolean;
  first: boolean;
  first_for: string[];
}

export interface ViewDeeds {
  entity: Entity;
  views: View[];
  view: View | undefined;
  /** The one that the list opens with. */
  first: View | undefined;
  isChanged: boolean;
  /** The view on show is the member's to change. */
  mayKeep: boolean;
  mayShare: boolean;
  /** May say whom a shared view opens first for. */
  isAdmin: boolean;
  /** Keeps what is on screen in the view on show. */
  keep(): void;
  /** Keeps a new view, or changes the one on show; rejects with the problem. */
  keepAs(choice: ViewChoice, isNew: boolean): Promise<void>;
  reset(): void;
  remove(): void;
  /** What the address says of another view: one that is not saved stays a board where this is one. */
  toView(key: string | undefined, to: View): ListSearch;
  asked: 'new' | 'edit' | null;
  ask(what: 'new' | 'edit' | null): void;
}

export function useViewDeeds(
  entity: Entity,
  views: View[],
  view: View | undefined,
  search: ListSearch,
  show: Show,
  widths: ColumnWidths,
): ViewDeeds {
  const { t } = useTranslation();
  const client = useQueryClient();
  const me = useMe();
  const problemText = useProblemText();
  const [asked, ask] = useState<'new' | 'edit' | null>(null);
  const saved = view?.saved;
  const columns = columnsOf(entity, view, search);
  const { kind, by, group, sum, limits, span } = shapeOf(entity, search, view);
  const body = (choice: ViewChoice) => ({
    entity: entity.name,
    ...choice,
    filter: filterOf(search, view) ?? '',
    sort: sortOf(entity, search, view) ?? '',
    columns,
    kind,
    field: by,
    group,
    sum: kind === 'list' && !group ? '' : sum,
    limits: limitsFrom(limits),
    span: kind === 'calendar' ? span : '',
    widths: Object.fromEntries(Object.entries(widths.pulled).filter(([key]) => columns.includes(key))),
  });
  const again = () => client.invalidateQueries({ queryKey: ['views', entity.name] });

  async function keepAs(choice: ViewChoice, isNew: boolean) {
    const kept =
      isNew || !saved
        ? await post<SavedView>('views', body(choice))
        : await patch<SavedView>(`views/${saved.id}`, body(choice));
    await again();
    show({ view: kept.id, q: search.q, peek: search.peek });
    toasts.say(t('view.kept', { name: kept.name }));
  }
  const warn = (error: unknown) => toasts.warn(problemText(error));

  return {
    entity,
    views,
    view,
    first: firstView(views),
    isChanged: isChanged(entity, search, view),
    mayKeep: saved !== undefined && (saved.mine || (saved.shared && me.admin)),
    mayShare: entity.shares_views,
    isAdmin: me.admin,
    keep() {
      if (!saved) return;
      const { name, shared, first, first_for } = saved;
      keepAs({ name, shared, first, first_for }, false).catch(warn);
    },
    keepAs,
    reset: () =>
      show({ view: search.view, q: search.q, peek: search.peek, as: saved ? undefined : search.as }),
    remove() {
      if (!saved) return;
      const { id: _, mine: __, by: ___, opens: ____, ...again2 } = saved;
      removeAt(`views/${saved.id}`)
        .then(again)
        .then(() => {
          show({});
          toasts.say(t('view.deleted', { name: saved.name }), () => {
            post<SavedView>('views', again2).then(again).catch(warn);
          });
        })
        .catch(warn);
    },
    toView: (key, to) => ({
      view: key,
      ...(to.saved ? {} : withShape(entity, {}, to, { kind, by, span })),
    }),
    asked,
    ask,
  };
}
