import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Segmented } from '@/ui/Segmented';
import { SaveDialog } from './SaveDialog';
import type { Collision, Shared } from './useShared';

interface CollisionDialogProps {
  shared: Pick<Shared<unknown>, 'collision' | 'saving' | 'settle' | 'look'>;
  /** What a part is called, and its value in words. */
  nameOf(key: string): string;
  textOf(key: string, value: unknown): string;
}

/** Shows both sides where two administrators changed the same. */
export function CollisionDialog({ shared, ...words }: CollisionDialogProps) {
  return shared.collision ? (
    <Both key={shared.collision.stored.tag} collision={shared.collision} shared={shared} {...words} />
  ) : null;
}

function Both({ collision, shared, nameOf, textOf }: CollisionDialogProps & { collision: Collision }) {
  const { t } = useTranslation();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const side = (key: string, value: unknown) => textOf(key, value) || t('settings.collision.empty');
  return (
    <SaveDialog
      title={t('settings.collision.title')}
      confirm={t('settings.collision.save')}
      saving={shared.saving}
      isReady
      onSave={() => shared.settle(theirs)}
      onClose={shared.look}
      width="wide"
    >
      <p className="text-ink-2">{t('settings.collision.text')}</p>
      <ul className="divide-y divide-line rounded-md border border-line">
        {collision.both.map((key) => (
          <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-3 py-2.5">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">{nameOf(key)}</p>
              <p className="break-words text-ink-2">
                {t('settings.collision.theirs_is', { text: side(key, collision.theirs[key]) })}
              </p>
              <p className="break-words text-ink-2">
                {t('settings.collision.mine_is', { text: side(key, collision.mine[key]) })}
              </p>
            </div>
            <Segmented
              label={nameOf(key)}
              hideLabel
              items={[
                { id: 'mine', name: t('settings.collision.mine') },
                { id: 'theirs', name: t('settings.collision.theirs') },
              ]}
              value={theirs.has(key) ? 'theirs' : 'mine'}
              onChange={(next) =>
                setTheirs((old) => {
                  const now = new Set(old);
                  if (next === 'theirs') now.add(key);
                  else now.delete(key);
                  return now;
                })
              }
            />
          </li>
        ))}
      </ul>
    </SaveDialog>
  );
}
