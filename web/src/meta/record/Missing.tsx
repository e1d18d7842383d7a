import { Link } from '@tanstack/react-router';
import { FileX2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Entity } from '@/api/types';
import { buttonClass } from '@/ui/Button';
import { Empty } from '@/ui/states';
import { useLabel } from '../context';
import { ProblemNotice } from '../ProblemNotice';
import { paths } from '../paths';

/** What stands where a record should be: it is not there for this viewer, or could not be read. */
export function Missing({ entity, error, retry }: { entity: Entity; error: unknown; retry(): void }) {
  const { t } = useTranslation();
  const label = useLabel();
  if (error instanceof Problem && error.status === 404) {
    return (
      <Empty
        icon={<FileX2 size={18} aria-hidden="true" />}
        title={t('record.missing', { name: label(entity.label) })}
        text={t('record.missing_text')}
      >
        <Link to={paths.list(entity.name)} className={buttonClass('plain')}>
          {t('record.to_list', { name: label(entity.plural) })}
        </Link>
      </Empty>
    );
  }
  return (
    <div className="p-4">
      <ProblemNotice error={error} retry={retry} />
    </div>
  );
}
