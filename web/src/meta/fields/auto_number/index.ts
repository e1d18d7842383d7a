import type { FieldType } from '../types';

export const auto_number: FieldType = { text: (value: string) => value, width: 150, filter: 'text' };
