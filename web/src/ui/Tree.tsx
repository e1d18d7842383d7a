// Things inside things (departments, product groups): unfolded, chosen and acted
// on by keyboard as by pointer.
import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Collection, Tree as KitTree, TreeItem, TreeItemContent } from 'react-aria-components';
import { cx } from './cx';
import { countMark } from './tabLook';

export interface TreeNode {
  id: string;
  name: string;
  icon?: ReactNode;
  /** After the name: how many are in it. */
  count?: number | string;
  isFaded?: boolean;
  children?: TreeNode[];
}

interface TreeProps {
  label: string;
  items: TreeNode[];
  /** The one that is chosen. */
  value?: string | null;
  onChange?(id: string): void;
  /** Which are unfolded at first; all by default. */
  unfolded?: string[];
  /** Buttons at the end of a line. */
  actions?(node: TreeNode): ReactNode;
  empty?: ReactNode;
  className?: string;
}

function idsOf(items: TreeNode[]): string[] {
  return items.flatMap((item) => [item.id, ...idsOf(item.children ?? [])]);
}

export function Tree({ label, items, value, onChange, unfolded, actions, empty, className }: TreeProps) {
  return (
    <KitTree
      aria-label={label}
      items={items}
      selectionMode={onChange ? 'single' : 'none'}
      selectionBehavior="replace"
      selectedKeys={value ? [value] : []}
      onSelectionChange={(keys) => {
        const [first] = keys === 'all' ? [] : [...keys];
        if (first !== undefined) onChange?.(String(first));
      }}
      defaultExpandedKeys={unfolded ?? idsOf(items)}
      renderEmptyState={() => empty}
      className={cx('flex flex-col gap-px overflow-auto outline-none', className)}
    >
      {(node) => <Line node={node} actions={actions} />}
    </KitTree>
  );
}

function Line({ node, actions }: { node: TreeNode; actions: TreeProps['actions'] }) {
  return (
    <TreeItem
      id={node.id}
      textValue={node.name}
      className="group flex min-h-8 cursor-default items-center rounded-sm outline-none hovered:bg-hover selected:bg-pressed selected:font-medium data-[focus-visible]:outline-2 data-[focus-visible]:outline-offset-[-2px] data-[focus-visible]:outline-accent-ink pointer-coarse:min-h-10"
    >
      <TreeItemContent>
        {({ level, hasChildItems, isExpanded }) => (
          <div
            className="flex min-w-0 flex-1 items-center gap-1.5 pr-1"
            style={{ paddingLeft: (level - 1) * 16 + 4 }}
          >
            {hasChildItems ? (
              <Button
                slot="chevron"
                className="grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hovered:bg-pressed"
              >
                <ChevronRight
                  size={14}
                  aria-hidden="true"
                  className={cx('transition-transform duration-100', isExpanded && 'rotate-90')}
                />
              </Button>
            ) : (
              <span className="w-6 shrink-0" />
            )}
            {node.icon && <span className="shrink-0 text-ink-3">{node.icon}</span>}
            <span className={cx('min-w-0 truncate', node.isFaded && 'text-ink-3')} data-tip-cut="">
              {node.name}
            </span>
            {node.count !== undefined && <span className={countMark}>{node.count}</span>}
            <span className="ml-auto flex shrink-0 items-center">{actions?.(node)}</span>
          </div>
        )}
      </TreeItemContent>
      <Collection items={node.children ?? []}>
        {(child) => <Line node={child} actions={actions} />}
      </Collection>
    </TreeItem>
  );
}
