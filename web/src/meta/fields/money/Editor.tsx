import { parseDecimal } from '@/lib/digits';
import { currencySign } from '@/lib/format';
import { useFormats } from '../../context';
import { FigureField } from '../number/FigureField';
import { refs } from '../reference';
import type { EditorProps } from '../types';

/** The currency of the record, written as a code or as a reference; else the company's. */
function currencyOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return refs(value)[0]?.label ?? null;
}

export function MoneyEditor({ field, row, ...props }: EditorProps) {
  const formats = useFormats();
  const currency =
    (!field.settings?.base && currencyOf(row?.[field.settings?.currency || 'currency'])) || formats.currency;
  return <FigureField {...props} parse={parseDecimal} prefix={currencySign(currency, formats.locale)} />;
}
