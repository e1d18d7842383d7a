import type { Editor } from '@tiptap/core';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@/ui/Button';
import { TextField } from '@/ui/TextField';
import { typedHref } from './convert';

/** Where a link leads; without a selection the address is its text. */
export function LinkRow({ editor, onDone }: { editor: Editor; onDone(): void }) {
  const { t } = useTranslation();
  const old = String(editor.getAttributes('link').href ?? '');
  const [typed, setTyped] = useState(old);
  const [isWrong, setWrong] = useState(false);

  function set() {
    const href = typedHref(typed);
    if (href === '') return setWrong(true);
    const chain = editor.chain().focus().extendMarkRange('link');
    if (editor.state.selection.empty && old === '')
      chain
        .insertContent({ type: 'text', text: typed.trim(), marks: [{ type: 'link', attrs: { href } }] })
        .run();
    else chain.setLink({ href }).run();
    onDone();
  }
  function press(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      set();
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      onDone();
      editor.commands.focus();
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter and Escape have their buttons
    <div
      onKeyDown={press}
      className="flex flex-wrap items-start gap-2 border-b border-line bg-sunken px-2 py-1.5"
    >
      <div className="min-w-48 flex-1">
        <TextField
          label={t('rich.address')}
          hideLabel
          autoFocus
          type="text"
          inputMode="url"
          placeholder={t('rich.address')}
          value={typed}
          onChange={(text) => {
            setTyped(text);
            setWrong(false);
          }}
          error={isWrong ? t('rich.no_address') : undefined}
        />
      </div>
      {old !== '' && (
        <Button
          look="quiet"
          onPress={() => {
            editor.chain().focus().extendMarkRange('link').unsetLink().run();
            onDone();
          }}
        >
          {t('rich.unlink')}
        </Button>
      )}
      <Button onPress={set}>{t('rich.set_link')}</Button>
    </div>
  );
}
