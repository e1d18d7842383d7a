import { MultiSelect } from '@/ui/MultiSelect';
import { type Choice, Select } from '@/ui/Select';
import { useLabel } from '../../context';
import { codes, offered } from '../choice';
import type { EditorProps } from '../types';
import { inTreeOrder } from './order';

export function TreeChoiceEditor({ field, value, onChange, ...props }: EditorProps) {
  const label = useLabel();
  const chosen = codes(value);
  const items: Choice[] = inTreeOrder(offered(field, chosen)).map(({ option, depth }) => ({
    id: option.code,
    name: label(option.label) || option.code,
    depth,
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
