// The editors by field type. Apart from fields/index.ts so that a list does not
// fetch what only forms and filters need.
import type { Field } from '@/api/types';
import { AnyRefEditor } from './any_ref/Editor';
import { ChoiceEditor } from './choice/Editor';
import { ConditionTypeEditor } from './condition/Editor';
import { DateEditor } from './date/Editor';
import { DecimalEditor } from './decimal/Editor';
import { DepartmentEditor } from './department/Editor';
import { EmailEditor } from './email/Editor';
import { FileEditor } from './file/Editor';
import { InstantEditor } from './instant/Editor';
import { LongTextEditor } from './long_text/Editor';
import { MemberEditor } from './member/Editor';
import { MoneyEditor } from './money/Editor';
import { NumberEditor } from './number/Editor';
import { PercentEditor } from './percent/Editor';
import { PhoneEditor } from './phone/Editor';
import { ReferenceEditor } from './reference/Editor';
import { RegionEditor } from './region/Editor';
import { RichTextEditor } from './rich_text/Editor';
import { SwitchEditor } from './switch/Editor';
import { TextEditor } from './text/Editor';
import { TimeEditor } from './time/Editor';
import { TreeChoiceEditor } from './tree_choice/Editor';
import type { Editor } from './types';
import { UrlEditor } from './url/Editor';

const editors: Record<string, Editor> = {
  any_ref: AnyRefEditor,
  choice: ChoiceEditor,
  date: DateEditor,
  decimal: DecimalEditor,
  department: DepartmentEditor,
  email: EmailEditor,
  file: FileEditor,
  instant: InstantEditor,
  long_text: LongTextEditor,
  member: MemberEditor,
  money: MoneyEditor,
  number: NumberEditor,
  percent: PercentEditor,
  phone: PhoneEditor,
  reference: ReferenceEditor,
  region: RegionEditor,
  rich_text: RichTextEditor,
  switch: SwitchEditor,
  text: TextEditor,
  time: TimeEditor,
  tree_choice: TreeChoiceEditor,
  url: UrlEditor,
};

export function editorOf(field: Field): Editor | undefined {
  return field.settings?.asks ? ConditionTypeEditor : editors[field.type];
}
