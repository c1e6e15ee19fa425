/**
 * The two JSON styles of the API (indent 2). Promises texts that clients of the field have seen before; members that are undefined
 * are left out, and nothing else is ever changed on the way.
 */

/** An object or array of one member is written on one line, around the member: `{"message": "done"}`. Most endpoints. */
export function compactJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const members: readonly (readonly [string, unknown])[] = Array.isArray(value)
    ? value.map((item) => ['', item] as const)
    : membersOf(value).map(([key, member]) => [`${JSON.stringify(key)}: `, member] as const);
  if (members.length === 0) return `${open}${close}`;
  const [first] = members;
  if (first && members.length === 1) return `${open}${first[0]}${compactJson(first[1], indent)}${close}`;
  const inner = `${indent}  `;
  const lines = members.map(([key, member]) => `${inner}${key}${compactJson(member, inner)}`);
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

/** `"key" : value`, array items on the line of their brackets. Plans, pod info, configurations. */
export function beanJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => beanJson(item, indent)).join(', ')} ]`;
  }
  const inner = `${indent}  `;
  let text = '';
  // Plans of a thousand steps are asked for again and again: no list of members is made first.
  for (const key in value) {
    const member = (value as Record<string, unknown>)[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}\n${inner}${JSON.stringify(key)} : ${beanJson(member, inner)}`;
  }
  return text === '' ? '{ }' : `{${text}\n${indent}}`;
}

function membersOf(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
