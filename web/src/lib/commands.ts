// What can be done here by key or from the palette. Every part of the page that
// is on screen says what it offers; the last one to say it goes first, so that a
// page's own key stands before the frame's. One place listens to the keyboard.
import { useEffect, useRef } from 'react';
import { isTyping } from './keys';
import { useShell } from './shell';

export interface Command {
  id: string;
  /** Where it stands in the palette and in the list of keys. */
  group: 'record' | 'list' | 'go' | 'general';
  name: string;
  /** "c", "g c" (one after the other) or "mod+k" (Ctrl, on a Mac ⌘); none: palette only. */
  keys?: string;
  /** Without it the key is only listed: whoever offers it listens by himself. */
  run?(): void;
}

const offered: { current: readonly Command[] }[] = [];

/** Offers commands while the component is on screen. */
export function useCommands(list: readonly Command[]) {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  useEffect(() => {
    offered.push(latest);
    return () => {
      offered.splice(offered.indexOf(latest), 1);
    };
  }, []);
}

/** What is offered now, the nearest first; of several with one id only the nearest. */
export function commandsNow(): Command[] {
  const seen = new Set<string>();
  return offered
    .toReversed()
    .flatMap((one) => one.current)
    .filter(({ id }) => !seen.has(id) && Boolean(seen.add(id)));
}

/** How long the second key of "g c" may take, in milliseconds. */
const patience = 1500;

export interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  timeStamp: number;
}

/** Tells which command a key press means. first is what is left of the press before. */
export function meant(
  commands: readonly Command[],
  event: Pressed,
  first: { key: string; at: number } | null,
) {
  if (event.altKey) return {};
  const key = event.key.length === 1 ? event.key : event.key.toLowerCase();
  if (event.ctrlKey || event.metaKey) {
    return { command: commands.find((one) => one.keys === `mod+${key.toLowerCase()}`) };
  }
  if (first && event.timeStamp - first.at < patience) {
    const second = commands.find((one) => one.keys === `${first.key} ${key}`);
    if (second) return { command: second };
  }
  const command = commands.find((one) => one.keys === key);
  if (command) return { command };
  const begins = commands.some((one) => one.keys?.startsWith(`${key} `));
  return begins ? { first: { key, at: event.timeStamp } } : {};
}

/** Listens to the keyboard; used once, by the frame. */
export function useCommandKeys() {
  useEffect(() => {
    let first: { key: string; at: number } | null = null;
    function press(event: KeyboardEvent) {
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
      if (
        document.querySelector(
          '[role="dialog"][aria-modal="true"], [role="alertdialog"]:not([aria-modal="false"]), [role="menu"]',
        )
      )
        return;
      const chord = event.ctrlKey || event.metaKey;
      if (!chord && (isTyping(event) || !useShell.getState().shortcuts)) return;
      const found = meant(
        commandsNow().filter((one) => one.run),
        event,
        first,
      );
      first = found.first ?? null;
      if (!found.command?.run) return;
      event.preventDefault();
      found.command.run();
    }
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}
