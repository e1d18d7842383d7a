import { lazy, Suspense } from 'react';
import { Skeleton, Waiting } from '@/ui/states';
import type { EditorProps } from '../types';

const RichEditor = lazy(() => import('@/heavy/richtext/RichEditor'));

export function RichTextEditor({ field: _, row: __, value, onChange, ...props }: EditorProps) {
  return (
    <Suspense
      fallback={
        <Waiting>
          <Skeleton className="h-44 w-full" />
        </Waiting>
      }
    >
      <RichEditor
        {...props}
        value={typeof value === 'string' ? value : ''}
        onChange={(markup) => onChange(markup === '' ? null : markup)}
      />
    </Suspense>
  );
}
