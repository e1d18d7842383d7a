// Rows of clauses in groups that want all, any or none of what they hold, as deep
// as one likes.
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { type Clause, type Filter, type Group, isGroup } from '@/lib/filter';
import { Button, IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Select } from '@/ui/Select';
import { ClauseFields, wholeClause } from './ClauseEditor';

/** A clause may be half written while it is edited. */
export type Draft = Partial<Clause> | DraftGroup;
export interface DraftGroup {
  joint: Group['joint'];
  kids: { at: number; draft: Draft }[];
}

const isDraftGroup = (draft: Draft): draft is DraftGroup => 'kids' in draft;

let serial = 0;
export const keyed = (draft: Draft) => ({ at: serial++, draft });

export function draftOf(filter: Filter): Draft {
  if (!isGroup(filter)) return filter;
  return { joint: filter.joint, kids: filter.kids.map((kid) => keyed(draftOf(kid))) };
}

/** What of a draft is whole; halves ask nothing. */
export function wholeOf(draft: Draft): Filter | undefined {
  if (!isDraftGroup(draft)) return wholeClause(draft);
  return { joint: draft.joint, kids: draft.kids.flatMap((kid) => wholeOf(kid.draft) ?? []) };
}

export const halves = (draft: Draft): number =>
  isDraftGroup(draft)
    ? draft.kids.reduce((sum, kid) => sum + halves(kid.draft), 0)
    : draft.field && !wholeClause(draft)
      ? 1
      : 0;

interface GroupRowsProps {
  entity: Entity;
  group: DraftGroup;
  onChange(group: DraftGroup): void;
  depth: number;
  /** Part of a form: the first row does not take the cursor. */
  isCalm?: boolean;
}

const deepest = 4;

export function GroupRows({ entity, group, onChange, depth, isCalm }: GroupRowsProps) {
  const { t } = useTranslation();
  const put = (at: number, draft: Draft | null) =>
    onChange({
      ...group,
      kids: group.kids.flatMap((kid) => (kid.at !== at ? kid : draft ? { at, draft } : [])),
    });
  const add = (draft: Draft) => onChange({ ...group, kids: [...group.kids, keyed(draft)] });
  return (
    <div className={cx('flex flex-col gap-2', depth > 0 && 'rounded-md border border-line bg-sunken p-2.5')}>
      <Select
        label={t('filter.joint_label')}
        hideLabel
        items={(['and', 'or', 'none'] as const).map((joint) => ({
          id: joint,
          name: t(`filter.group.${joint}`),
        }))}
        value={group.joint}
        onChange={(joint) => onChange({ ...group, joint: (joint ?? 'and') as Group['joint'] })}
      />
      {group.kids.map(({ at, draft }, i) => (
        <div key={at} className="relative flex items-start gap-1.5">
          <div className="min-w-0 flex-1">
            {isDraftGroup(draft) ? (
              <GroupRows entity={entity} group={draft} onChange={(next) => put(at, next)} depth={depth + 1} />
            ) : (
              <fieldset
                aria-label={t('filter.nth', { n: i + 1 })}
                className="grid min-w-0 items-start gap-1.5 desk:grid-cols-[repeat(auto-fit,minmax(9.5rem,1fr))]"
              >
                <ClauseFields
                  entity={entity}
                  clause={draft}
                  onChange={(next) => put(at, next)}
                  autoFocus={!draft.field && i === group.kids.length - 1 && !(isCalm && i === 0)}
                  isRow
                />
              </fieldset>
            )}
          </div>
          <IconButton label={t('filter.remove_nth', { n: i + 1 })} onPress={() => put(at, null)}>
            <X size={14} aria-hidden="true" />
          </IconButton>
        </div>
      ))}
      <div className="flex flex-wrap gap-1">
        <Button look="quiet" className="!h-7 !px-2 pointer-coarse:!h-9" onPress={() => add({})}>
          <Plus size={13} aria-hidden="true" />
          {t('filter.add_clause')}
        </Button>
        {depth < deepest && (
          <Button
            look="quiet"
            className="!h-7 !px-2 pointer-coarse:!h-9"
            onPress={() => add({ joint: group.joint === 'and' ? 'or' : 'and', kids: [keyed({})] })}
          >
            <Plus size={13} aria-hidden="true" />
            {t('filter.add_group')}
          </Button>
        )}
      </div>
    </div>
  );
}
