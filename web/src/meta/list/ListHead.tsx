import { Link, useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, Plus, Trash2, Upload } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { buttonClass, IconButton } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { PageHead } from '@/ui/PageHead';
import { may, useLabel } from '../context';
import type { ListQuery } from '../data';
import { paths } from '../paths';
import { StarButton } from '../StarButton';
import type { View } from './query';

const ExportDialog = lazy(() => import('../export/ExportDialog'));

interface ListHeadProps {
  entity: Entity;
  query: ListQuery;
  columns: string[];
  /** The view that the address names. */
  view: View | undefined;
  count: string;
}

export function ListHead({ entity, query, columns, view, count }: ListHeadProps) {
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
      <MoreMenu entity={entity} query={query} columns={columns} />
      {may(entity, 'create') && (
        <Link to={paths.create(entity.name)} className={buttonClass('primary')}>
          <Plus size={15} aria-hidden="true" />
          <span className="max-desk:sr-only">{t('list.create', { name: label(entity.label) })}</span>
        </Link>
      )}
    </PageHead>
  );
}

function MoreMenu({ entity, query, columns }: Pick<ListHeadProps, 'entity' | 'query' | 'columns'>) {
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
          <ExportDialog entity={entity} query={query} columns={columns} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </>
  );
}
