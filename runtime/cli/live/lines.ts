/** What happens as lines of text, one an event: for logs, pipes and CI. */
import type { Note } from '../../core/effect.ts';
import type { Change } from './history.ts';

/** `deploy data-0:[node] STARTING agent-1` */
export function changeLine(change: Change): string {
  if (change.kind === 'plan') {
    const errors = change.errors.map((error) => `\n- ${refusalInWords(error)}`).join('');
    return `${change.plan} ${change.status}${errors}`;
  }
  const { look, why } = change.history;
  const where = look.host === undefined ? '' : ` ${look.host}`;
  return `${change.plan} ${look.name} ${look.status}${where}${why ? ` (${why.text})` : ''}`;
}

/** `warn: task status task=data-0-node state=TASK_FAILED`; a value with blanks is quoted. */
export function noteLine({ level, message, keys }: Note): string {
  const pairs = Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${/^[!-~]+$/.test(String(value)) ? value : JSON.stringify(value)}`);
  return `${level === 'info' ? '' : `${level}: `}${message}${pairs.join('')}`;
}

/** The API's form of a refusal (http-api 2.8), as a person would put it: `PodSpec[name:data], 3 -> 2: ...`. */
export function refusalInWords(error: string): string {
  const parts =
    /^Field: '(.*?)'; (?:Transition: '(.*?)' => '(.*?)'|Value: '(.*?)'); Message: '(.*)'; Fatal: \w+$/s.exec(error);
  if (!parts) return error;
  const [, field, from, to, value, message] = parts;
  return `${field}, ${value ?? `${from} -> ${to}`}: ${message}`;
}
