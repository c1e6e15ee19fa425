/**
 * Keys and values in one text: labels as `key:value,key:value`, options of a volume driver as `key=value;key=value` (svc-yml 3.9,
 * 3.17). Promises the values untrimmed, in their order; never drops an entry that it cannot read.
 */

export type Pairs =
  | { readonly ok: true; readonly pairs: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly kind: 'form' | 'repeated'; readonly entry: string; readonly form: string };

/** A value may be empty and hold colons. Commas at the end mean nothing. */
export function labelsIn(text: string): Pairs {
  return pairsIn(text, ',', /^([^:]+):([\s\S]*)$/, 'key:value,key:value');
}

/** Neither key nor value is empty or holds an equals sign. */
export function driverOptionsIn(text: string): Pairs {
  return pairsIn(text, ';', /^([^=]+)=([^=]+)$/, 'key=value;key=value');
}

function pairsIn(text: string, separator: string, entry: RegExp, form: string): Pairs {
  const entries = text.split(separator);
  while (entries.at(-1) === '') entries.pop();
  const pairs = new Map<string, string>();
  for (const part of entries) {
    const [, key, value = ''] = entry.exec(part) ?? [];
    if (key === undefined) return { ok: false, kind: 'form', entry: part, form };
    if (pairs.has(key)) return { ok: false, kind: 'repeated', entry: key, form };
    pairs.set(key, value);
  }
  return { ok: true, pairs: Object.fromEntries(pairs) };
}
