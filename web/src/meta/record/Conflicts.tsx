import { lazy, Suspense } from 'react';
import type { Saving } from './useSaving';

// Fetched only when two people meet.
const ConflictDialog = lazy(() => import('../form/ConflictDialog'));

/** Asks which value to keep when a fact was changed by somebody else meanwhile. */
export function Conflicts({ saving }: { saving: Saving }) {
  if (!saving.conflict) return null;
  return (
    <Suspense>
      <ConflictDialog
        key={saving.conflict.current.version}
        conflict={saving.conflict}
        onClose={saving.dropConflict}
        onSave={saving.settle}
      />
    </Suspense>
  );
}
