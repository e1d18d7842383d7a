import { parseInteger } from '@/lib/digits';
import type { EditorProps } from '../types';
import { FigureField } from './FigureField';

export function NumberEditor({ field: _, row: __, ...props }: EditorProps) {
  return <FigureField {...props} parse={parseInteger} />;
}
