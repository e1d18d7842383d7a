import { formula } from '../formula';
import type { FieldType } from '../types';

export const rollup: FieldType = { ...formula, isFigure: true, width: 120 };
