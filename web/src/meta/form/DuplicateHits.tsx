import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity } from '@/api/types';
import { Icon } from '@/ui/Icon';
import { fieldsOf, useLabel, useMeta } from '../context';
import { paths } from '../paths';

/** Records that look alike, of other kinds too. Those of others are named, not opened: their owner is to be asked. */
export function DuplicateHits({ entity, hits }: { entity: Entity; hits: Duplicate[] }) {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  const fields = fieldsOf(entity);
  return (
    <ul className="overflow-hidden rounded-md border border-line bg-panel">
      {hits.map((hit, i) => {
        const matched = hit.matched.map((key) => label(fields.get(key)?.label) || key);
        const kind = entities[hit.entity];
        const owner = hit.owner && t(hit.id ? 'duplicates.owner' : 'duplicates.ask', { owner: hit.owner });
        return (
          <li key={hit.id ?? `hidden-${i}`} className="border-b border-line px-3 py-2 last:border-b-0">
            <div className="flex min-w-0 items-center gap-2">
              {hit.id ? (
                <Link
                  to={paths.record(hit.entity, hit.id)}
                  target="_blank"
                  className="truncate py-0.5 font-medium text-ink underline decoration-line-strong underline-offset-3"
                >
                  {hit.label}
                </Link>
              ) : (
                <span className="truncate py-0.5 font-medium text-ink">
                  {hit.label || t('duplicates.there')}
                </span>
              )}
              {hit.entity !== entity.name && (
                <span className="inline-flex shrink-0 items-center gap-1 text-meta text-ink-2">
                  <Icon name={kind?.icon} size={13} />
                  {label(kind?.label) || t('duplicates.other_kind')}
                </span>
              )}
            </div>
            <p className="text-meta text-ink-3">
              {[
                matched.length > 0 && t('duplicates.matched', { fields: matched.join(t('list.separator')) }),
                owner,
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
