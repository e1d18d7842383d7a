import { useState } from 'react';
import { type CascadeNode, Cascader } from '@/ui/Cascader';
import { MultiSelect } from '@/ui/MultiSelect';
import { useFormats, useLabel } from '../../context';
import { useSpellingsOf } from '../../spellings';
import { codes, offered } from '../choice';
import type { EditorProps } from '../types';
import { inTreeOrder, nested } from './order';

/** A place in a tree of choices: level by level, or by a word, pinyin or initials. */
export function TreeChoiceEditor({ field, row: _, value, onChange, ...props }: EditorProps) {
  const label = useLabel();
  const { locale } = useFormats();
  const [isWanted, setWanted] = useState(false);
  const chosen = codes(value);
  const options = offered(field, chosen);
  const nameOf = (code: string) => label(options.find((one) => one.code === code)?.label) || code;
  const names = options.map((option) => nameOf(option.code));
  const spellings = useSpellingsOf(`${locale} ${names.join(' ')}`, () => names, isWanted);
  if (field.settings?.many) {
    const items = inTreeOrder(options).map(({ option, depth }) => ({
      id: option.code,
      name: nameOf(option.code),
      depth,
    }));
    return <MultiSelect {...props} items={items} value={chosen} onChange={onChange} />;
  }
  const items: CascadeNode[] = nested(options, (option) => nameOf(option.code));
  return (
    <Cascader
      {...props}
      items={items}
      value={chosen[0] ?? null}
      onChange={onChange}
      text={chosen[0] ? nameOf(chosen[0]) : ''}
      spellings={spellings}
      onOpen={() => setWanted(true)}
    />
  );
}
