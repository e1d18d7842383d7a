import { ReferenceEditor } from '../reference/Editor';
import type { EditorProps } from '../types';

export function DepartmentEditor(props: EditorProps) {
  return <ReferenceEditor {...props} target="org.department" />;
}
