import { reference } from '../reference';
import type { FieldType } from '../types';

export const department: FieldType = { ...reference, width: 120 };
