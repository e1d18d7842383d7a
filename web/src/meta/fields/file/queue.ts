// Files that wait to be sent, one after the other; one that fails waits for a retry.

export interface Waiting {
  key: number;
  name: string;
  size: number;
  sent: number;
  state: 'waiting' | 'sending' | 'failed';
  /** Why it failed; a text of the page's or the server's. */
  why?: string;
  /** Another try may do it: the connection was lost, or the server was not well. */
  canRetry?: boolean;
}

/** Why a file is not even sent: it is empty, or larger than the server takes; undefined when it may be. */
export function unfit(file: { size: number; type: string }, most: number): 'empty' | 'large' | undefined {
  if (file.size === 0) return 'empty';
  return file.size > most ? 'large' : undefined;
}

/** A pasted picture is called image.png; a name that says when is found again. */
export function pastedName(name: string, now: Date): string {
  if (!/^image\.\w+$/.test(name)) return name;
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${day} ${time}.${name.split('.').pop()}`;
}

/** Waits before a lost connection is tried again, in milliseconds; then a person is asked. */
export const pauses = [1000, 4000];
