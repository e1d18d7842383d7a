import { Switch } from '@/ui/Switch';
import type { EditorProps } from '../types';

export function SwitchEditor({ field: _, value, onChange, ...props }: EditorProps) {
  return <Switch {...props} isSelected={value === true} onChange={onChange} />;
}
