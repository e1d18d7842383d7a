import { Dot } from '@/ui/Dot';
import { MultiSelect } from '@/ui/MultiSelect';
import { type Choice, Select } from '@/ui/Select';
import { useLabel } from '../../context';
import type { EditorProps } from '../types';
import { codes, offered } from '.';

export function ChoiceEditor({ field, value, onChange, ...props }: EditorProps) {
  const label = useLabel();
  const chosen = codes(value);
  const items: Choice[] = offered(field, chosen).map((option) => ({
    id: option.code,
    name: label(option.label) || option.code,
    mark: option.color ? <Dot color={option.color} /> : undefined,
  }));
  if (field.settings?.many)
    return <MultiSelect {...props} items={items} value={chosen} onChange={onChange} />;
  return (
    <Select
      {...props}
      items={items}
      value={chosen[0] ?? null}
      onChange={onChange}
      canClear={!field.required}
    />
  );
}
