/** What Mesos refuses in ids, which become names of directories (traces 10, 17a). Promises a rule only. */

/** Why an id cannot be used, in Mesos' words, or undefined. */
export function idMistake(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  if (Buffer.byteLength(id) > 255) return 'ID must not be greater than 255 characters';
  const isOdd = (c: string) => c === '/' || c === '\\' || c < ' ' || c === '\x7f';
  return [...id].some(isOdd) ? `'${id}' contains invalid characters` : undefined;
}
