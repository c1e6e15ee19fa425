/** `NAME=VALUE` on the command line. Promises a message that says what is expected. */
import { InvalidArgumentError } from 'commander';

/** Collects an option that may be repeated; the value may be empty and may hold `=`. */
export function assignment(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('write it as NAME=VALUE.');
  return Object.fromEntries([...Object.entries(before), [text.slice(0, at), text.slice(at + 1)]]);
}
