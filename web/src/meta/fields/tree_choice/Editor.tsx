import type { Option } from '@/api/types';
import { MultiSelect } from '@/ui/MultiSelect';
import { type Choice, Select } from '@/ui/Select';
import { useLabel } from '../../context';
import { codes, offered } from '../choice';
import type { EditorProps } from '../types';

/** The options in the order of the tree, each with its depth. */
export function inTreeOrder(options: Option[]): { option: Option; depth: number }[] {
  const known = new Set(options.map((option) => option.code));
  const walk = (parent: string | null, depth: number): { option: Option; depth: number }[] =>
    options
      .filter((option) => (option.parent && known.has(option.parent) ? option.parent : null) === parent)
      .flatMap((option) => [{ option, depth }, ...(depth < 8 ? walk(option.code, depth + 1) : [])]);
  return walk(null, 0);
}

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
