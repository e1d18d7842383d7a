import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { fieldsOf, useLabel } from '../context';
import { paths } from '../paths';

interface DuplicatesProps {
  entity: Entity;
  hits: Duplicate[];
  onAnswer(go: boolean): void;
}

/** Records that look like the new one. Those of others are named, not opened. */
export default function DuplicatesDialog({ entity, hits, onAnswer }: DuplicatesProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const fields = fieldsOf(entity);
  const isStrict = hits.some((hit) => hit.strict);
  const foot = (
    <>
      <Button onPress={() => onAnswer(false)}>{t('duplicates.back')}</Button>
      {!isStrict && (
        <Button look="primary" onPress={() => onAnswer(true)}>
          {t('duplicates.go_on')}
        </Button>
      )}
    </>
  );
  return (
    <Dialog
      title={t(isStrict ? 'duplicates.strict_title' : 'duplicates.title')}
      isOpen
      onClose={() => onAnswer(false)}
      foot={foot}
    >
      <p className="mb-3 text-ink-2">
        {t(isStrict ? 'duplicates.strict_text' : 'duplicates.text', { name: label(entity.label) })}
      </p>
      <ul className="overflow-hidden rounded-md border border-line">
        {hits.map((hit, i) => {
          const matched = hit.matched.map((key) => label(fields.get(key)?.label) || key);
          return (
            <li key={hit.id ?? `hidden-${i}`} className="border-b border-line px-3 py-2 last:border-b-0">
              {hit.id ? (
                <Link
                  to={paths.record(entity.name, hit.id)}
                  target="_blank"
                  className="font-medium underline decoration-line-strong underline-offset-3"
                >
                  {hit.label}
                </Link>
              ) : (
                <span className="font-medium">{hit.label}</span>
              )}
              <p className="text-meta text-ink-3">
                {[
                  matched.length > 0 &&
                    t('duplicates.matched', { fields: matched.join(t('list.separator')) }),
                  hit.owner && t('duplicates.owner', { owner: hit.owner }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </li>
          );
        })}
      </ul>
    </Dialog>
  );
}
