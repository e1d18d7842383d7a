import type { Editor } from '@tiptap/core';
import { EditorContent, useEditor } from '@tiptap/react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { clean, read, write } from '@/lib/richtext';
import { cx } from '@/ui/cx';
import { ErrorSign, type FieldProps, labelClass } from '@/ui/parts';
import '@/ui/rich.css';
import { blocksOf, documentOf } from './convert';
import { extensions } from './extensions';
import { LinkRow } from './LinkRow';
import { pasted } from './paste';
import { RichTools } from './RichTools';

interface RichEditorProps extends FieldProps {
  /** Canonical markup (lib/richtext), "" for nothing. */
  value: string;
  onChange(value: string): void;
  onBlur?(): void;
}

/** Formatted text as it is written. Its value is canonical markup at every moment. */
export default function RichEditor(props: RichEditorProps) {
  const { label, hideLabel, help, error, isRequired, isDisabled, autoFocus, value, onChange, onBlur } = props;
  const { t } = useTranslation();
  const id = useId();
  const told = useRef(value);
  const [isLinking, setLinking] = useState(false);
  const change = useRef(onChange);
  change.current = onChange;

  const editor = useEditor({
    extensions,
    content: documentOf(read(value)),
    injectCSS: false,
    editable: !isDisabled,
    autofocus: autoFocus ? 'end' : false,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: {
        id,
        class: 'rich',
        role: 'textbox',
        'aria-multiline': 'true',
        'aria-label': label,
      },
      handleKeyDown: (_, event) => (event.ctrlKey || event.metaKey) && event.key === 'Enter',
      handleDOMEvents: {
        paste: (_, event) => put(event.clipboardData, event),
        drop: (view, event) => {
          if (view.dragging) return false;
          const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
          return put(event.dataTransfer, event, at?.pos);
        },
      },
    },
    onUpdate: ({ editor: now }) => {
      const markup = clean(write(blocksOf(now.getJSON())));
      if (markup === told.current) return;
      told.current = markup;
      change.current(markup);
    },
  });
  const current = useRef<Editor | null>(null);
  current.current = editor;

  function put(data: DataTransfer | null, event: Event, at?: number): boolean {
    const now = current.current;
    const blocks = pasted(data);
    event.preventDefault();
    if (!now || !blocks) return true; // files are for the form around it
    const one =
      blocks.length === 1 && blocks[0]?.tag === 'p' ? documentOf(blocks).content?.[0]?.content : undefined;
    const content = one ?? documentOf(blocks).content ?? [];
    const chain = now.chain().focus();
    if (at === undefined) chain.insertContent(content).scrollIntoView().run();
    else chain.insertContentAt(at, content).run();
    return true;
  }

  useEffect(() => {
    if (!editor || value === told.current) return;
    told.current = value;
    editor.commands.setContent(documentOf(read(value)), { emitUpdate: false });
  }, [editor, value]);
  useEffect(() => editor?.setEditable(!isDisabled, false), [editor, isDisabled]);
  useEffect(() => {
    if (!editor) return;
    const mark = () => {
      const at = editor.view.dom;
      const set = (name: string, text: string | undefined) =>
        text === undefined ? at.removeAttribute(name) : at.setAttribute(name, text);
      set('aria-invalid', error ? 'true' : undefined);
      set('aria-required', isRequired ? 'true' : undefined);
      set('aria-describedby', help || error ? `${id}-notes` : undefined);
    };
    // While a form is drawn anew the editor may have no place in the page yet.
    if (!editor.isDestroyed) mark();
    editor.on('mount', mark);
    return () => {
      editor.off('mount', mark);
    };
  }, [editor, error, help, isRequired, id]);

  function press(event: KeyboardEvent) {
    // Tab moves an item of a list in and out; elsewhere it goes on.
    if (event.key === 'Tab' && event.defaultPrevented) event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      event.stopPropagation();
      setLinking(true);
    }
  }
  return (
    <div className="flex min-w-0 flex-col gap-1">
      {!hideLabel && (
        // biome-ignore lint/a11y/noStaticElementInteractions: a press on the name goes where it belongs
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys have Tab
        <span className={labelClass} onClick={() => editor?.commands.focus()}>
          {label}
          {isRequired && <span className="font-normal text-ink-3"> {t('form.required')}</span>}
        </span>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: watches the keys of the editor inside */}
      <div
        onKeyDown={press}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && onBlur?.()}
        className={cx(
          'overflow-hidden rounded-sm border bg-panel focus-within:border-accent-ink focus-within:ring-1 focus-within:ring-accent-ink',
          error ? 'border-danger' : 'border-line-strong',
          isDisabled && 'bg-sunken text-ink-2',
        )}
      >
        {editor && (
          <RichTools editor={editor} isLinking={isLinking} onLink={() => setLinking((now) => !now)} />
        )}
        {editor && isLinking && <LinkRow editor={editor} onDone={() => setLinking(false)} />}
        <EditorContent editor={editor} />
      </div>
      {(error || help) && (
        <span
          id={`${id}-notes`}
          role={error ? 'alert' : undefined}
          className={cx('flex items-start gap-1 text-meta', error ? 'text-danger' : 'text-ink-3')}
        >
          {error && <ErrorSign />}
          <span>{error || help}</span>
        </span>
      )}
    </div>
  );
}
