// A text that is a condition on records of an entity (settings.asks): read as
// words, edited as the filter of a list is.
import { lazy, Suspense } from 'react';
import type { FieldType, ShowProps } from '../types';

const ConditionWords = lazy(() => import('../../list/ConditionWords'));

function View({ value, context }: ShowProps) {
  return (
    <Suspense fallback={<span className="skeleton inline-block h-4 w-40" />}>
      <ConditionWords entity={context.field.settings?.asks ?? ''} text={String(value)} />
    </Suspense>
  );
}

export const condition: FieldType = {
  text: (value: string) => value,
  View,
  width: 260,
  isWide: true,
  filter: 'none',
};
