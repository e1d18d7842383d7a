import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import type { TextContext } from '../context';
import { isEmpty, marksOf, maskOf, typeOf, valueText } from '.';
import type { Mark } from './types';

interface ValueProps {
  value: unknown;
  context: TextContext;
}

/** One value in a cell of a list: one line, nothing interactive. */
export function CellValue({ value, context }: ValueProps) {
  if (isEmpty(value)) return null;
  const marks = marksOf(value, context);
  return marks ? <Marks marks={marks} /> : valueText(value, context);
}

function Marks({ marks, wraps }: { marks: Mark[]; wraps?: boolean }) {
  return (
    <span className={cx('inline-flex min-w-0 items-center gap-x-3', wraps && 'max-w-full flex-wrap')}>
      {marks.map(({ text, dot }) => (
        <span key={text} className="inline-flex min-w-0 items-center gap-1.5">
          {dot && <Dot color={dot} />}
          <span className="truncate">{text}</span>
        </span>
      ))}
    </span>
  );
}

/** One value where there is room: links, line breaks, files. */
export function FactValue({ value, context }: ValueProps) {
  if (isEmpty(value)) return <span className="text-ink-3">{context.t('field.empty')}</span>;
  const { View } = typeOf(context.field);
  if (View && maskOf(value) === null) return <View value={value} context={context} />;
  const marks = marksOf(value, context);
  return marks ? <Marks marks={marks} wraps /> : valueText(value, context);
}
