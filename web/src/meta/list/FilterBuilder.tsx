// The whole filter as a tree. Fetched when first opened.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { filterText, type Group } from '@/lib/filter';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { type Contexts, fieldsOf } from '../context';
import { type DraftGroup, draftOf, GroupRows, halves, keyed, wholeOf } from './FilterTree';
import { filterWords, namedIn } from './filters';
import { useRefLabels } from './useRefLabels';

interface FilterBuilderProps {
  entity: Entity;
  contexts: Contexts;
  filter: Group;
  onApply(text: string): void;
  onClose(): void;
}

export default function FilterBuilder({ entity, contexts, filter, onApply, onClose }: FilterBuilderProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<DraftGroup>(() => {
    const first = draftOf(filter) as DraftGroup;
    return first.kids.length > 0 ? first : { ...first, kids: [keyed({})] };
  });
  const whole = (wholeOf(draft) ?? filter) as Group;
  const fields = fieldsOf(entity);
  const refLabel = useRefLabels(namedIn(whole, fields));
  const text = filterText(whole);
  const foot = (
    <>
      {text && (
        <Button
          look="quiet"
          className="mr-auto"
          onPress={() => setDraft({ joint: 'and', kids: [keyed({})] })}
        >
          {t('list.clear')}
        </Button>
      )}
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button
        look="primary"
        isDisabled={halves(draft) > 0}
        onPress={() => {
          onApply(text);
          onClose();
        }}
      >
        {t('filter.apply')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('filter.builder')} isOpen onClose={onClose} width="wide" foot={foot}>
      <GroupRows entity={entity} group={draft} onChange={setDraft} depth={0} />
      <p aria-live="polite" className="mt-3 rounded-md bg-sunken px-3 py-2 text-meta text-ink-2">
        {halves(draft) > 0
          ? t('filter.unfinished')
          : text
            ? filterWords(whole, { contexts, fields, refLabel })
            : t('filter.asks_nothing')}
      </p>
    </Dialog>
  );
}
