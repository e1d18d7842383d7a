import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { TextField } from '@/ui/TextField';

interface LimitDialogProps {
  name: string;
  limit: number | undefined;
  onDone(limit: number | undefined): void;
  onClose(): void;
}

/** How many cards a column should hold at most; nothing is no limit. */
export default function LimitDialog({ name, limit, onDone, onClose }: LimitDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(limit === undefined ? '' : String(limit));
  const isRight = /^[1-9]\d{0,3}$/.test(text) || text === '';
  const foot = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button type="submit" form="board-limit" look="primary" isDisabled={!isRight}>
        {t('action.save')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('board.limit_title', { name })} isOpen onClose={onClose} foot={foot}>
      <form
        id="board-limit"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          if (isRight) onDone(text === '' ? undefined : Number(text));
        }}
      >
        <TextField
          label={t('board.limit')}
          help={t('board.limit_note')}
          value={text}
          onChange={(next) => setText(next.normalize('NFKC').trim())}
          error={isRight ? undefined : t('board.limit_wrong')}
          autoFocus
        />
      </form>
    </Dialog>
  );
}
