import { ReferenceEditor } from '../reference/Editor';
import type { EditorProps } from '../types';

export function MemberEditor(props: EditorProps) {
  return <ReferenceEditor {...props} target="org.member" />;
}
