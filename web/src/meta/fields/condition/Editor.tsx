import { lazy, Suspense } from 'react';
import { useEntity } from '../../context';
import { TextEditor } from '../text/Editor';
import type { EditorProps } from '../types';

const ConditionEditor = lazy(() => import('../../list/ConditionEditor'));

/** The rows of a filter over the entity that is asked; as text where it may not be seen. */
export function ConditionTypeEditor(props: EditorProps) {
  const entity = useEntity(props.field.settings?.asks ?? '');
  if (!entity) return <TextEditor {...props} />;
  return (
    <Suspense fallback={<div className="skeleton h-24" />}>
      <ConditionEditor {...props} entity={entity} />
    </Suspense>
  );
}
