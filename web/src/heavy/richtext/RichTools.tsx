import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import {
  Bold,
  Heading2,
  Heading3,
  Italic,
  Link2,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  Redo2,
  RemoveFormatting,
  Strikethrough,
  Underline,
  Undo2,
} from 'lucide-react';
import { ToggleButton, Toolbar } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { cx } from '@/ui/cx';
import { tip } from '@/ui/tip';

interface ToolsProps {
  editor: Editor;
  isLinking: boolean;
  onLink(): void;
}

interface Tool {
  name: string;
  icon: LucideIcon;
  keys?: string;
  isOn?(editor: Editor): boolean;
  can?(editor: Editor): boolean;
  run(editor: Editor): void;
}

const mark = (name: string, icon: LucideIcon, keys: string): Tool => ({
  name,
  icon,
  keys,
  isOn: (editor) => editor.isActive(name),
  run: (editor) => editor.chain().focus().toggleMark(name).run(),
});

const groups: Tool[][] = [
  [
    mark('bold', Bold, 'Mod+B'),
    mark('italic', Italic, 'Mod+I'),
    mark('underline', Underline, 'Mod+U'),
    mark('strike', Strikethrough, 'Mod+Shift+S'),
  ],
  [
    ...([2, 3] as const).map((level) => ({
      name: `heading_${level}`,
      icon: level === 2 ? Heading2 : Heading3,
      keys: `Mod+Alt+${level}`,
      isOn: (editor: Editor) => editor.isActive('heading', { level }),
      run: (editor: Editor) => editor.chain().focus().toggleHeading({ level }).run(),
    })),
    {
      name: 'bullets',
      icon: List,
      keys: 'Mod+Shift+8',
      isOn: (editor) => editor.isActive('bulletList'),
      run: (editor) => editor.chain().focus().toggleBulletList().run(),
    },
    {
      name: 'numbers',
      icon: ListOrdered,
      keys: 'Mod+Shift+7',
      isOn: (editor) => editor.isActive('orderedList'),
      run: (editor) => editor.chain().focus().toggleOrderedList().run(),
    },
    {
      name: 'quote',
      icon: Quote,
      keys: 'Mod+Shift+B',
      isOn: (editor) => editor.isActive('blockquote'),
      run: (editor) => editor.chain().focus().toggleBlockquote().run(),
    },
  ],
  [
    {
      name: 'plain',
      icon: RemoveFormatting,
      run: (editor) => editor.chain().focus().unsetAllMarks().clearNodes().run(),
    },
    {
      name: 'undo',
      icon: Undo2,
      keys: 'Mod+Z',
      can: (editor) => editor.can().undo(),
      run: (editor) => editor.chain().focus().undo().run(),
    },
    {
      name: 'redo',
      icon: Redo2,
      keys: 'Mod+Shift+Z',
      can: (editor) => editor.can().redo(),
      run: (editor) => editor.chain().focus().redo().run(),
    },
  ],
];

/** The looks that a text can have; one stop for Tab, the arrows go on. */
export function RichTools({ editor, isLinking, onLink }: ToolsProps) {
  const { t } = useTranslation();
  const state = useEditorState({
    editor,
    selector: ({ editor: now }) =>
      Object.fromEntries(
        groups
          .flat()
          .map((tool) => [tool.name, `${Number(tool.isOn?.(now))}${Number(tool.can?.(now) ?? true)}`]),
      ),
  });
  const inLink = useEditorState({ editor, selector: ({ editor: now }) => now.isActive('link') });
  return (
    <Toolbar
      aria-label={t('rich.tools')}
      className="flex items-center gap-x-0.5 overflow-x-auto border-b border-line bg-sunken px-1 py-0.5 desk:flex-wrap"
    >
      {groups.map((group, i) => (
        <div
          key={group[0]?.name}
          className={cx('flex shrink-0 items-center', i > 0 && 'ml-1 border-l border-line pl-1')}
        >
          {group.map((tool) => (
            <Look
              key={tool.name}
              name={t(`rich.${tool.name}`)}
              keys={tool.keys}
              isOn={tool.isOn && state[tool.name]?.[0] === '1'}
              isDisabled={state[tool.name]?.[1] === '0'}
              icon={tool.icon}
              onPress={() => tool.run(editor)}
            />
          ))}
          {i === 1 && (
            <Look
              name={t('rich.link')}
              keys="Mod+K"
              isOn={inLink || isLinking}
              icon={Link2}
              onPress={onLink}
            />
          )}
        </div>
      ))}
    </Toolbar>
  );
}

interface LookProps {
  name: string;
  keys?: string;
  isOn?: boolean;
  isDisabled?: boolean;
  icon: LucideIcon;
  onPress(): void;
}

function Look({ name, keys, isOn, isDisabled, icon: Icon, onPress }: LookProps) {
  return (
    <ToggleButton
      {...tip(name, keys)}
      aria-label={name}
      isSelected={isOn ?? false}
      isDisabled={isDisabled}
      onChange={onPress}
      className="grid size-7 place-items-center rounded-sm text-ink-2 hovered:bg-hover selected:bg-accent-wash selected:text-accent-ink off:opacity-40 pointer-coarse:size-10"
    >
      <Icon size={15} aria-hidden="true" />
    </ToggleButton>
  );
}
