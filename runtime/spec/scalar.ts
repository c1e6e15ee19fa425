/**
 * YAML scalars typed by the field that holds them (svc.yml sections 2 and 9.4). Promises that text stays as it was written
 * (`1.10`, `010`, `yes`); never guesses a type from the text alone.
 */

export type ScalarType = 'string' | 'integer' | 'number' | 'boolean';

const INTEGER = /^[-+]?[0-9][0-9_]*(\.0*)?$/;
const NUMBER = /^[-+]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][-+]?[0-9]+)?$/;
const TRUE = /^(true|yes|on|1)$/i;
const FALSE = /^(false|no|off|0)$/i;

/** Whether an unquoted scalar means "not set". */
export function isNull(text: string): boolean {
  return text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL';
}

/** The value; undefined when the text is empty where text is not wanted; the text itself when it is no such value. */
export function typed(text: string, type: ScalarType): string | number | boolean | undefined {
  if (type === 'string') return text;
  const word = text.trim();
  if (word === '') return undefined;
  if (type === 'boolean') return TRUE.test(word) ? true : FALSE.test(word) ? false : text;
  const pattern = type === 'integer' ? INTEGER : NUMBER;
  const number = pattern.test(word) ? Number(word.replaceAll('_', '')) : Number.NaN;
  return Number.isFinite(number) ? number : text;
}
