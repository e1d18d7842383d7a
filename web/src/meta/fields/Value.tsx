import type { TextContext } from '../context';
import { isEmpty, maskOf, typeOf, valueText } from '.';

interface ValueProps {
  value: unknown;
  context: TextContext;
}

/** One value in a cell of a list: one line, nothing interactive. */
export function CellValue({ value, context }: ValueProps) {
  if (isEmpty(value)) return null;
  const { Show } = typeOf(context.field);
  if (Show && maskOf(value) === null) return <Show value={value} context={context} />;
  return <>{valueText(value, context)}</>;
}

/** One value where there is room: links, line breaks, files. */
export function FactValue({ value, context }: ValueProps) {
  if (isEmpty(value)) return <span className="text-ink-3">{context.t('field.empty')}</span>;
  const { View, Show } = typeOf(context.field);
  const Found = View ?? Show;
  if (Found && maskOf(value) === null) return <Found value={value} context={context} />;
  return <>{valueText(value, context)}</>;
}
