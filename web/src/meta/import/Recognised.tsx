import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Entity, ImportPreview } from '@/api/types';
import { Button } from '@/ui/Button';
import { may, useLabel, useMeta } from '../context';

import { paths } from '../paths';

/** Which system wrote the file, whether its mapping was remembered, and where it belongs when not here. */
export function Recognised({ entity, preview }: { entity: Entity; preview: ImportPreview }) {
  const { t } = useTranslation();
  const label = useLabel();
  const navigate = useNavigate();
  const { entities } = useMeta();
  const { source, kind, remembered } = preview;
  const isOf = (one: Entity) => one.name.split('.')[1] === kind;
  const other = kind && !isOf(entity) ? Object.values(entities).find(isOf) : undefined;
  if (!source && !remembered) return null;
  return (
    <div role="note" className="rounded-md bg-accent-wash px-3 py-2 text-accent-ink">
      {source && kind && (
        <p className="font-medium">{t(`import.recognised.${source}`, { kind: t(`import.kind.${kind}`) })}</p>
      )}
      <p>{t(remembered ? 'import.remembered' : 'import.check')}</p>
      {other && may(other, 'import') && (
        <Button
          look="quiet"
          className="-ml-3 text-accent-ink"
          onPress={() => navigate({ to: paths.import(other.name) })}
        >
          {t('import.elsewhere', { name: label(other.plural) })}
        </Button>
      )}
    </div>
  );
}
