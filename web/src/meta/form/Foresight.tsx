import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity } from '@/api/types';
import { useContexts } from '../context';
import { isEmpty } from '../fields';
import { FactValue } from '../fields/Value';
import { DuplicateHits } from './DuplicateHits';
import type { Values } from './validate';

const noRegion = (code: string) => code;

/** Records that look like the one being typed. */
export function Alike({ entity, hits }: { entity: Entity; hits: Duplicate[] }) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {hits.length > 0 && (
        <div className="rounded-md bg-warn-wash p-3">
          <p className="mb-2 font-medium text-warn">
            {t(hits.some((hit) => hit.strict) ? 'duplicates.strict_title' : 'duplicates.title')}
          </p>
          <DuplicateHits entity={entity} hits={hits} />
        </div>
      )}
    </div>
  );
}

/** What the server computes of what is typed. */
export function Computed({ entity, values }: { entity: Entity; values: Values }) {
  const { t } = useTranslation();
  const contexts = useContexts(noRegion);
  const fields = entity.fields.filter((field) => field.type === 'formula' && !isEmpty(values[field.key]));
  if (fields.length === 0) return null;
  return (
    <section aria-label={t('form.computed')} aria-live="polite" className="rounded-md bg-sunken p-3">
      <h3 className="mb-1.5 text-meta font-semibold text-ink-3">{t('form.computed')}</h3>
      <dl className="grid grid-cols-1 gap-x-5 gap-y-1 desk:grid-cols-2">
        {fields.map((field) => (
          <div key={field.key} className="flex justify-between gap-3">
            <dt className="text-ink-3">{contexts.label(field.label)}</dt>
            <dd className="figures">
              <FactValue value={values[field.key]} context={{ ...contexts, field, row: values }} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
