import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Row } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select } from '@/ui/Select';
import { type Place, refOf, textOf, withBelow } from '../rows';

interface MoveDialogProps {
  department: Row;
  places: Place[];
  onClose(): void;
  onMove(parent: string | null): void;
}

/** What dragging does, for those who do not drag. */
export function MoveDialog({ department, places, onClose, onMove }: MoveDialogProps) {
  const { t } = useTranslation();
  const [parent, setParent] = useState(refOf(department.parent)?.id ?? null);
  const below = withBelow(places, department.id);
  return (
    <Dialog
      title={t('settings.departments.move_title', { name: textOf(department.name) })}
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>{t('action.cancel')}</Button>
          <Button
            look="primary"
            onPress={() => {
              onMove(parent);
              onClose();
            }}
          >
            {t('settings.departments.move_here')}
          </Button>
        </>
      }
    >
      <Select
        label={t('settings.departments.parent')}
        items={places
          .filter(({ row }) => !below.has(row.id))
          .map(({ row, depth }) => ({ id: row.id, name: textOf(row.name), depth }))}
        value={parent}
        onChange={setParent}
        placeholder={t('settings.departments.top')}
        canClear
        autoFocus
      />
    </Dialog>
  );
}
