/** What a POST carries, as data. Promises the data, or what is wrong with it; a blank body carries nothing. */

export type Payload<T> = { ok: true; value: T } | { ok: false; reason: string };

/** An object of texts; `{}` when there is no body. */
export function textsByName(body: string): Payload<Readonly<Record<string, string>>> {
  const json = jsonOf(body, '{}');
  if (!json.ok) return json;
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('the body is not an object');
  const entries = Object.entries(value);
  const other = entries.find(([, text]) => typeof text !== 'string');
  return other ? bad(`the value of ${other[0]} is not a string`) : { ok: true, value: value as Record<string, string> };
}

/** An array of texts; empty when there is no body. */
export function listOfTexts(body: string): Payload<readonly string[]> {
  const json = jsonOf(body, '[]');
  if (!json.ok) return json;
  const { value } = json;
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? { ok: true, value } : bad('the body is not an array of strings');
}

function jsonOf(body: string, blank: string): Payload<unknown> {
  try {
    return { ok: true, value: JSON.parse(body.trim() || blank) };
  } catch (error) {
    return bad((error as Error).message);
  }
}

function bad(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
