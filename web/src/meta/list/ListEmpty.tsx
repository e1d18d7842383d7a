import { Link } from '@tanstack/react-router';
import { Plus, SearchX, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { Button, buttonClass } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { Empty } from '@/ui/states';
import { may, useLabel } from '../context';
import { paths } from '../paths';

interface ListEmptyProps {
  entity: Entity;
  isFiltered: boolean;
  onClear(): void;
}

/** Nothing found and nothing there yet are two different things to say. */
export function ListEmpty({ entity, isFiltered, onClear }: ListEmptyProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const name = label(entity.label);
  if (isFiltered) {
    return (
      <Empty
        icon={<SearchX size={18} aria-hidden="true" />}
        title={t('list.nothing_found')}
        text={t('list.nothing_found_text')}
      >
        <Button onPress={onClear}>{t('list.clear')}</Button>
      </Empty>
    );
  }
  // The entity's own words: the first sentence says it, the rest says what to do.
  const [first, ...rest] = label(entity.layout.empty).split(/(?<=[。.!！])\s*/);
  return (
    <Empty
      icon={<Icon name={entity.icon} size={18} />}
      title={first?.replace(/[。.]$/, '') || t('list.empty', { name })}
      text={rest.join(' ') || undefined}
    >
      {may(entity, 'create') && (
        <Link to={paths.create(entity.name)} className={buttonClass('primary')}>
          <Plus size={15} aria-hidden="true" />
          {t('list.create', { name })}
        </Link>
      )}
      {may(entity, 'import') && (
        <Link to={paths.import(entity.name)} className={buttonClass('plain')}>
          <Upload size={15} aria-hidden="true" />
          {t('import.title')}
        </Link>
      )}
    </Empty>
  );
}
