/**
 * What of a configuration may be shown. Promises that the value of a variable whose name speaks of a secret is never seen, and to
 * change only what is shown, never what is kept or launched.
 */

/** Stands for what is not shown, whatever its length. */
export const MASK = '********';

/** As the field's scheduler has it (http-api 14), and key material. */
const SECRET_NAME =
  /credential|passw(or)?d|passphrase|secret|token|(private|access|api|signing|encryption|master)[-_.]?key/i;

/** A shorter text is found by chance everywhere, in ids and numbers too. */
const SHORTEST_TEXT = 8;

/** What must not be seen. */
export interface Secrets {
  /** Variables that are secret though their name does not say so. */
  readonly names: ReadonlySet<string>;
  /** Values to look for in other texts, such as a command that was rendered with one. */
  readonly texts: readonly string[];
}

export type Variables = Readonly<Record<string, string | undefined>>;

export function isSecretName(name: string, marked: ReadonlySet<string> = new Set()): boolean {
  return SECRET_NAME.test(name) || marked.has(name);
}

/** The values of secret variables that can be told from other text: long ones first, for one may be part of another. */
export function secretTexts(variables: Variables, marked: ReadonlySet<string> = new Set()): string[] {
  const values = Object.entries(variables).flatMap(([name, value = '']) => (isSecretName(name, marked) ? [value] : []));
  return longestFirst(values.filter((value) => value.length >= SHORTEST_TEXT));
}

export function longestFirst(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort((a, b) => b.length - a.length);
}

/** An empty value is no secret, and often the reason why something does not work. */
export function shownValue(name: string, value: string, secrets: Secrets): string {
  return value !== '' && isSecretName(name, secrets.names) ? MASK : shownText(value, secrets);
}

/** Free text: secrets that are known by their value, and the password in an address. */
export function shownText(text: string, { texts }: Pick<Secrets, 'texts'>): string {
  const hidden = texts.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  return hidden.replaceAll(/(\w:\/\/[^\s/:@]*:)[^\s/@]+@/g, `$1${MASK}@`);
}
