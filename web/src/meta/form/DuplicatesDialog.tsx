import { useTranslation } from 'react-i18next';
import type { Duplicate, Entity } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { useLabel } from '../context';
import { DuplicateHits } from './DuplicateHits';

interface DuplicatesProps {
  entity: Entity;
  hits: Duplicate[];
  onAnswer(go: boolean): void;
}

/** Records that look like the new one. Those of others are named, not opened. */
export default function DuplicatesDialog({ entity, hits, onAnswer }: DuplicatesProps) {
  const { t } = useTranslation();
  const label = useLabel();
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
      <DuplicateHits entity={entity} hits={hits} />
    </Dialog>
  );
}
