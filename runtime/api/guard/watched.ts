/**
 * What is read from files and read again when they change. Promises something usable from the first moment on: a change that cannot
 * be used is told, and what was there before stays in force.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Note } from '../../core/effect.ts';

export interface Watched<T> {
  current(): T;
  onChange(use: (value: T) => void): void;
  close(): void;
}

/** A file, and the variable that names it. */
export interface Source {
  readonly variable: string;
  readonly file: string;
}

/** How often files are read. They are small; and unlike notifications this works over links and network disks. */
const LOOK_MS = 1_000;

/**
 * `what` it is, in the plural, for the log; `parse` is given the texts in the order of the files. Throws, naming the variable, when
 * a file cannot be read at first, and what `parse` throws.
 */
export function watched<T>(
  what: string,
  sources: readonly Source[],
  parse: (texts: readonly string[]) => T,
  note: (note: Note) => void,
): Watched<T> {
  let texts: readonly string[] = sources.map(textNow);
  let value = parse(texts);
  let told = '';
  const users: ((value: T) => void)[] = [];
  let closed = false;
  const timer = setTimeout(() => void look(), LOOK_MS).unref();

  async function look(): Promise<void> {
    try {
      const now = await Promise.all(sources.map(textLater));
      if (now.some((text, at) => text !== texts[at])) {
        texts = now;
        take(parse(now));
      }
      told = '';
    } catch (error) {
      tell((error as Error).message);
    }
    if (!closed) timer.refresh();
  }

  function take(next: T): void {
    value = next;
    for (const use of users) use(next);
    note({ level: 'info', message: `new ${what} are in force`, keys: {} });
  }

  function tell(error: string): void {
    if (error === told) return;
    told = error;
    note({ level: 'error', message: `new ${what} cannot be used, the old ones stay in force`, keys: { error } });
  }

  function close(): void {
    closed = true;
    clearTimeout(timer);
  }

  return { current: () => value, onChange: (use) => void users.push(use), close };
}

function textNow(source: Source): string {
  try {
    return readFileSync(source.file, 'utf8');
  } catch (error) {
    throw unreadable(source, error);
  }
}

async function textLater(source: Source): Promise<string> {
  try {
    return await readFile(source.file, 'utf8');
  } catch (error) {
    throw unreadable(source, error);
  }
}

function unreadable({ variable, file }: Source, error: unknown): Error {
  return new Error(`${variable} ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
}
