// What a field type has to say for itself in the page. One folder per type, the
// same names as the types of the server.
import type { ComponentType } from 'react';
import type { Field } from '@/api/types';
import type { FieldProps } from '@/ui/parts';
import type { TextContext } from '../context';

export interface ShowProps {
  value: unknown;
  context: TextContext;
}

/** A word of a value, with the colour of the dot before it. */
export interface Mark {
  text: string;
  dot?: string;
}

export type FilterKind =
  | 'text'
  | 'number'
  | 'date'
  | 'time'
  | 'choice'
  | 'reference'
  | 'region'
  | 'switch'
  | 'none';

export interface FieldType {
  /** The value as one line of text; "" when it is empty. Never called with null. */
  text(value: never, context: TextContext): string;
  /** Words with dots, richer than text, for cells and facts. */
  marks?(value: unknown, context: TextContext): Mark[];
  /** On the record page, where there is room; else marks, else text. */
  View?: ComponentType<ShowProps>;
  /** Figures stand at the right. */
  isFigure?: boolean;
  /** Usual width of a column in pixels. */
  width: number;
  /** Takes the whole width of a form. */
  isWide?: boolean;
  filter: FilterKind;
  /** The edited value as the API takes it; the value itself where absent. */
  write?(value: never, field: Field): unknown;
}

/** A field that the page made itself, of a type that no field of the server has. */
export interface OwnField extends Field {
  own: FieldType;
}

export interface EditorProps extends FieldProps {
  field: Field;
  value: unknown;
  onChange(value: unknown): void;
  onBlur?(): void;
  /** Instead of the words that ask to choose. */
  placeholder?: string;
  /** The values beside it in the form. */
  row?: Record<string, unknown>;
  /** What was typed to open it: a search begins with it. */
  typed?: string;
}

export type Editor = ComponentType<EditorProps>;
