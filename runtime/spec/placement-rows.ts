/**
 * The rows of a placement text, in whichever of its three forms it is written: a JSON row, JSON rows, or colon text (svc-yml 5.1).
 * Promises where each field stands in the text, so that a mistake can be pointed at; knows no fields and no operators.
 */

/** One field of a row, without its quotes and escapes; `from` to `to` (exclusive) is what was written. */
export interface Field {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface Row {
  readonly fields: readonly Field[];
  readonly from: number;
  readonly to: number;
}

/** Undefined when the text begins as JSON and is none, or is JSON of another shape. */
export function rowsOf(text: string): Row[] | undefined {
  if (!/^\s*\[/.test(text)) return colonRows(text);
  return isRows(json(text)) ? jsonRows(text) : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRows(value: unknown): boolean {
  return isRow(value) || (Array.isArray(value) && value.every(isRow));
}

/** Numbers and booleans count as their text. */
function isRow(value: unknown): boolean {
  return Array.isArray(value) && value.every((field) => ['string', 'number', 'boolean'].includes(typeof field));
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]]|[^\s",[\]]+/g;

/** Of JSON that is known to be rows, so its tokens tell all. */
function jsonRows(text: string): Row[] {
  const rows: Row[] = [];
  let open: { fields: Field[]; from: number } | undefined;
  for (const { 0: token, index: from } of text.matchAll(TOKEN)) {
    const to = from + token.length;
    if (token === '[') {
      open = { fields: [], from };
    } else if (token === ']') {
      if (open) rows.push({ ...open, to });
      open = undefined;
    } else {
      const value: unknown = token.startsWith('"') ? JSON.parse(token) : token;
      open?.fields.push({ text: String(value), from, to });
    }
  }
  return rows;
}

/** `\,` and `\:` are no separators; a backslash before anything else is kept, so that the `\.` of a pattern survives. */
function colonRows(text: string): Row[] {
  const rows: Row[] = [];
  let fields: Field[] = [];
  let row = 0;
  let field = 0;
  for (let at = 0; at <= text.length; at++) {
    const char = text[at];
    if (char === '\\' && isSeparator(text[at + 1])) at++;
    else if (char === undefined || isSeparator(char)) {
      fields.push(trimmed(text, field, at));
      field = at + 1;
      if (char === ':') continue;
      rows.push({ fields, from: row, to: at });
      fields = [];
      row = field;
    }
  }
  return rows;
}

function isSeparator(char: string | undefined): boolean {
  return char === ',' || char === ':';
}

function trimmed(text: string, begin: number, end: number): Field {
  const raw = text.slice(begin, end);
  const written = raw.trim();
  const from = begin + (raw.length - raw.trimStart().length);
  return { text: written.replace(/\\([,:])/g, '$1'), from, to: from + written.length };
}
