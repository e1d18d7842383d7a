import { reference } from '../reference';
import type { FieldType } from '../types';

export const member: FieldType = { ...reference, width: 110 };
