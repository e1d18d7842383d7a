import { getLocalTimeZone, parseAbsolute } from '@internationalized/date';
import { InstantPicker } from '@/ui/DatePicker';
import { useFormats } from '../../context';
import type { EditorProps } from '../types';

export function InstantEditor({ field: _, value, onChange, ...props }: EditorProps) {
  const zone = useFormats().zone || getLocalTimeZone();
  return (
    <InstantPicker
      {...props}
      value={typeof value === 'string' ? parseAbsolute(value, zone) : null}
      onChange={(instant) => onChange(instant ? instant.toAbsoluteString() : null)}
    />
  );
}
