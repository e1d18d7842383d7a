import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity } from '@/api/types';
import { fieldsOf, useLabel } from '../context';
import { paths } from '../paths';

/** Records that look alike. Those of others are named, not opened. */
export function DuplicateHits({ entity, hits }: { entity: Entity; hits: Duplicate[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = fieldsOf(entity);
  return (
    <ul className="overflow-hidden rounded-md border border-line bg-panel">
      {hits.map((hit, i) => {
        const matched = hit.matched.map((key) => label(fields.get(key)?.label) || key);
        return (
          <li key={hit.id ?? `hidden-${i}`} className="border-b border-line px-3 py-2 last:border-b-0">
            {hit.id ? (
              <Link
                to={paths.record(entity.name, hit.id)}
                target="_blank"
                className="inline-block py-0.5 font-medium text-ink underline decoration-line-strong underline-offset-3"
              >
                {hit.label}
              </Link>
            ) : (
              <span className="font-medium text-ink">{hit.label}</span>
            )}
            <p className="text-meta text-ink-3">
              {[
                matched.length > 0 && t('duplicates.matched', { fields: matched.join(t('list.separator')) }),
                hit.owner && t('duplicates.owner', { owner: hit.owner }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          </li>
        );
      })}
    </ul>
  );
}
