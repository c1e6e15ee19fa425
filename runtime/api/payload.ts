/** What a request carries, as data. Promises the data, or what is wrong with it; a blank body carries nothing. */
import type { Ask } from './route.ts';

export type Payload<T> = { ok: true; value: T } | { ok: false; reason: string };

/** `application/json`, without parameters and in small letters; undefined when the client did not say. */
export function mediaTypeOf({ contentType }: Ask): string | undefined {
  return contentType?.split(';')[0]?.trim().toLowerCase();
}

/** An object of texts; `{}` when there is no body. */
export function textsByName({ body }: Pick<Ask, 'body'>): Payload<Readonly<Record<string, string>>> {
  const json = jsonOf(body, '{}');
  if (!json.ok) return json;
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad('the body is not an object');
  const entries = Object.entries(value);
  const other = entries.find(([, text]) => typeof text !== 'string');
  return other ? bad(`the value of ${other[0]} is not a string`) : { ok: true, value: value as Record<string, string> };
}

/** An array of texts; empty when there is no body. */
export function listOfTexts({ body }: Ask): Payload<readonly string[]> {
  const json = jsonOf(body, '[]');
  if (!json.ok) return json;
  const { value } = json;
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList ? { ok: true, value } : bad('the body is not an array of strings');
}

/** The bytes of a file in a form; undefined when the form has no such part. */
export async function fileIn({ body, contentType = '' }: Ask, part: string): Promise<Payload<Uint8Array | undefined>> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const found = form.get(part);
    if (found === null) return { ok: true, value: undefined };
    const bytes = typeof found === 'string' ? Buffer.from(found) : new Uint8Array(await found.arrayBuffer());
    return { ok: true, value: bytes };
  } catch (error) {
    return bad((error as Error).message);
  }
}

function jsonOf(body: Buffer, blank: string): Payload<unknown> {
  try {
    return { ok: true, value: JSON.parse(body.toString('utf8').trim() || blank) };
  } catch (error) {
    return bad((error as Error).message);
  }
}

function bad(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
