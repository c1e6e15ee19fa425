/** Digests of text. Promises the same answer for the same text, everywhere and for ever; they hide nothing. */
import { createHash } from 'node:crypto';

/** SHA-1 in lower-case hex. */
export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Whether a text reads as a UUID, in capitals too. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** A UUID made of a name instead of chance: SHA-1, cut and marked as version 5 (RFC 9562, without a name space). */
export function nameUuid(name: string): string {
  const digits = sha1(name);
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const [a, b, c] = [digits.slice(0, 8), digits.slice(8, 12), `5${digits.slice(13, 16)}`];
  return [a, b, c, `${variant}${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}
