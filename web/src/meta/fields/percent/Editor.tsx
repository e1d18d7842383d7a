import { parseDecimal } from '@/lib/digits';
import { FigureField } from '../number/FigureField';
import type { EditorProps } from '../types';

export function PercentEditor({ field: _, row: __, ...props }: EditorProps) {
  return <FigureField {...props} parse={(typed) => parseDecimal(typed.replace(/%\s*$/, ''))} suffix="%" />;
}
