/** JSON pointers (RFC 6901), as the schema's errors name values. Promises exact escaping; never looks a value up. */

/** A key as one part of a pointer. */
export function escaped(key: string): string {
  return /[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key;
}

/** The pointer of a path of keys. */
export function pointerTo(...path: readonly string[]): string {
  return path.map((key) => `/${escaped(key)}`).join('');
}

/** `/pods/data/count` as its keys; none for the whole. */
export function keysOf(pointer: string): string[] {
  const [, ...parts] = pointer.split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `/pods/data/count` as people write it: `pods.data.count`. */
export function dotted(pointer: string): string {
  return keysOf(pointer).join('.');
}
