import { Link, useNavigate } from '@tanstack/react-router';
import { CalendarDays, Download, Ellipsis, List, Plus, SquareKanban, Trash2, Upload } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { useIsPhone } from '@/lib/media';
import { buttonClass, IconButton } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { PageHead } from '@/ui/PageHead';
import { may, useLabel } from '../context';
import type { ListQuery } from '../data';
import { paths } from '../paths';
import { StarButton } from '../StarButton';
import { boardFields, dayFields, type Shape, type View } from './query';

const ExportDialog = lazy(() => import('../export/ExportDialog'));

interface ListHeadProps {
  entity: Entity;
  query: ListQuery;
  columns: string[];
  /** The view that the address names. */
  view: View | undefined;
  count: string;
  /** The same as a figure, where it is exact. */
  rows?: number;
  shape: Shape;
  onShape(shape: Partial<Shape>): void;
}

export function ListHead({ entity, query, columns, view, count, rows, shape, onShape }: ListHeadProps) {
  const { t } = useTranslation();
  const label = useLabel();
  return (
    <PageHead
      title={label(entity.plural) || label(entity.label)}
      icon={<Icon name={entity.icon} className="text-ink-3" />}
      note={
        <>
          {count && <span className="figures text-ink-3">{count}</span>}
          <StarButton
            place={{ entity: entity.name, view: view?.key }}
            name={[label(entity.plural) || label(entity.label), view?.name].filter(Boolean).join(' · ')}
          />
        </>
      }
    >
      <KindSwitch {...{ entity, shape, onShape }} />
      <MoreMenu entity={entity} query={query} columns={columns} rows={rows} />
      {may(entity, 'create') && (
        <Link to={paths.create(entity.name)} className={buttonClass('primary')}>
          <Plus size={15} aria-hidden="true" />
          <span className="max-desk:sr-only">{t('list.create', { name: label(entity.label) })}</span>
        </Link>
      )}
    </PageHead>
  );
}

const kinds = { list: List, board: SquareKanban, calendar: CalendarDays } as const;

/** The same records as rows, as cards in columns, or in a calendar. */
function KindSwitch({ entity, shape, onShape }: Pick<ListHeadProps, 'entity' | 'shape' | 'onShape'>) {
  const { t } = useTranslation();
  const isPhone = useIsPhone();
  const offered = (['list', 'board', 'calendar'] as const).filter(
    (kind) => kind === 'list' || (kind === 'board' ? boardFields(entity) : dayFields(entity)).length > 0,
  );
  if (offered.length < 2) return null;
  if (isPhone) {
    // Three buttons leave no room for the name of the list.
    const Now = kinds[shape.kind];
    return (
      <Menu
        entries={offered.map((kind) => {
          const KindIcon = kinds[kind];
          return {
            id: kind,
            name: t(`list.kinds.${kind}`),
            icon: <KindIcon size={15} aria-hidden="true" />,
            isChecked: shape.kind === kind,
            onAction: () => onShape({ kind }),
          };
        })}
      >
        <IconButton label={t('list.kind')}>
          <Now size={16} aria-hidden="true" />
        </IconButton>
      </Menu>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div
      role="group"
      aria-label={t('list.kind')}
      className="flex items-center gap-px rounded-sm border border-line p-px"
    >
      {offered.map((kind) => {
        const KindIcon = kinds[kind];
        const name = t(`list.kinds.${kind}`);
        return (
          <button
            key={kind}
            type="button"
            aria-label={name}
            aria-pressed={shape.kind === kind}
            data-tip={name}
            onClick={() => onShape({ kind })}
            className="grid h-7 w-8 place-items-center rounded-[5px] text-ink-3 hover:text-ink aria-pressed:bg-pressed aria-pressed:text-ink pointer-coarse:h-9 pointer-coarse:w-9"
          >
            <KindIcon size={15} aria-hidden="true" />
          </button>
        );
      })}
    </div>
  );
}

function MoreMenu({
  entity,
  query,
  columns,
  rows,
}: Pick<ListHeadProps, 'entity' | 'query' | 'columns' | 'rows'>) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isExporting, setExporting] = useState(false);
  const entries: MenuEntry[] = [];
  if (may(entity, 'import')) {
    entries.push({
      id: 'import',
      name: t('import.title'),
      icon: <Upload size={14} aria-hidden="true" />,
      onAction: () => navigate({ to: paths.import(entity.name) }),
    });
  }
  if (may(entity, 'export')) {
    entries.push({
      id: 'export',
      name: t('export.menu'),
      icon: <Download size={14} aria-hidden="true" />,
      onAction: () => setExporting(true),
    });
  }
  if (may(entity, 'delete')) {
    entries.push({
      id: 'bin',
      name: t('bin.title'),
      icon: <Trash2 size={14} aria-hidden="true" />,
      divided: entries.length > 0,
      onAction: () => navigate({ to: paths.bin(entity.name) }),
    });
  }
  if (entries.length === 0) return null;
  return (
    <>
      <Menu entries={entries}>
        <IconButton label={t('action.more')}>
          <Ellipsis size={16} aria-hidden="true" />
        </IconButton>
      </Menu>
      {isExporting && (
        <Suspense>
          <ExportDialog {...{ entity, query, columns }} count={rows} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </>
  );
}
