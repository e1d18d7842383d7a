import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity, Field } from '@/api/types';
import { ScrollArea } from '@/ui/ScrollArea';
import { useContexts } from '../context';
import { isEmpty } from '../fields';
import { FactValue } from '../fields/Value';
import { DuplicateHits } from './DuplicateHits';
import type { Values } from './validate';

const noRegion = (code: string) => code;

/** Records that look like the one being typed: at the foot of the form, where nothing moves under the cursor. */
export function Alike({ entity, hits }: { entity: Entity; hits: Duplicate[] }) {
  const { t } = useTranslation();
  const isStrict = hits.some((hit) => hit.strict);
  return (
    <div role="status" className="shrink-0">
      {hits.length > 0 && (
        <ScrollArea
          label={t(isStrict ? 'duplicates.strict_title' : 'duplicates.title')}
          className="max-h-48 border-t border-line bg-warn-wash py-3"
        >
          <div className="mx-auto max-w-3xl px-4 desk:px-8">
            <p className="mb-2 font-medium text-warn">
              {t(isStrict ? 'duplicates.strict_title' : 'duplicates.title')}
            </p>
            <DuplicateHits entity={entity} hits={hits} />
          </div>
        </ScrollArea>
      )}
    </div>
  );
}

interface ComputedProps {
  entity: Entity;
  values: Values;
  /** The currency of the record. */
  currency: unknown;
}

/** Formulas, and of a record with lines the figures that follow from them. */
function isForeseen(field: Field, entity: Entity): boolean {
  const isSum = field.read_only && (field.type === 'money' || field.type === 'percent');
  return field.type === 'formula' || (isSum && entity.lines.length > 0);
}

/** What the server computes of what is typed. */
export function Computed({ entity, values, currency }: ComputedProps) {
  const { t } = useTranslation();
  const contexts = useContexts(noRegion);
  const fields = entity.fields.filter((field) => isForeseen(field, entity) && !isEmpty(values[field.key]));
  if (fields.length === 0) return null;
  return (
    <section aria-label={t('form.computed')} aria-live="polite" className="rounded-md bg-sunken p-3">
      <h3 className="mb-1.5 text-meta font-semibold text-ink-3">{t('form.computed')}</h3>
      <dl className="grid grid-cols-1 gap-x-5 gap-y-1 desk:grid-cols-2">
        {fields.map((field) => (
          <div key={field.key} className="flex justify-between gap-3">
            <dt className="text-ink-3">{contexts.label(field.label)}</dt>
            <dd className="figures">
              <FactValue
                value={values[field.key]}
                context={{ ...contexts, field, row: { currency, ...values } }}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
