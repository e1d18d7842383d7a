import { Link, useNavigate } from '@tanstack/react-router';
import { Download, Ellipsis, Plus, Trash2, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { buttonClass, IconButton } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { PageHead } from '@/ui/PageHead';
import { may, useLabel } from '../context';
import { type ListQuery, records } from '../data';
import { paths } from '../paths';
import { StarButton } from '../StarButton';
import type { View } from './query';

interface ListHeadProps {
  entity: Entity;
  query: ListQuery;
  /** The view that the address names. */
  view: View | undefined;
  count: string;
}

export function ListHead({ entity, query, view, count }: ListHeadProps) {
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
      <MoreMenu entity={entity} query={query} />
      {may(entity, 'create') && (
        <Link to={paths.create(entity.name)} className={buttonClass('primary')}>
          <Plus size={15} aria-hidden="true" />
          {t('list.create', { name: label(entity.label) })}
        </Link>
      )}
    </PageHead>
  );
}

function MoreMenu({ entity, query }: { entity: Entity; query: ListQuery }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const save = (format: string) => {
    const { filter, sort } = query;
    window.location.assign(records.exportUrl(entity.name, { filter, sort, format }));
  };
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
    for (const format of ['xlsx', 'csv']) {
      entries.push({
        id: format,
        name: t(`list.export_${format}`),
        icon: <Download size={14} aria-hidden="true" />,
        divided: entries.length === 1,
        onAction: () => save(format),
      });
    }
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
    <Menu entries={entries}>
      <IconButton label={t('action.more')}>
        <Ellipsis size={16} aria-hidden="true" />
      </IconButton>
    </Menu>
  );
}
