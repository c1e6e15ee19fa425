/**
 * The regular expressions of placement rules. Promises time that is linear in the text, whatever the pattern (RE2), and to match
 * whole texts; never runs a pattern of a user on the engine of JavaScript, which may backtrack without bound.
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { shortened } from './problem.ts';

/** Compiling is not linear; what is longer was written by no person. */
const LONGEST = 1000;

/** Why a pattern cannot be kept, and the piece of it that is to blame, if it is known. */
export interface BadPattern {
  readonly reason: string;
  readonly piece?: string;
}

/** Undefined for a good pattern. */
export function badPattern(pattern: string): BadPattern | undefined {
  if (pattern.length > LONGEST) return { reason: `has a pattern of more than ${LONGEST} characters` };
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return explained(pattern, error.getDescription(), error.getPattern() ?? '');
  }
}

/** Whether a good pattern matches the whole text. */
export function matches(pattern: string, text: string): boolean {
  return compiled(pattern).matches(text);
}

const patterns = new Map<string, RE2JS>();
/** A process has the few patterns of its configurations; the bound is for one that reads many. */
const MOST_PATTERNS = 1000;

function compiled(pattern: string): RE2JS {
  const known = patterns.get(pattern);
  if (known) return known;
  if (patterns.size >= MOST_PATTERNS) patterns.clear();
  const made = RE2JS.compile(pattern);
  patterns.set(pattern, made);
  return made;
}

/** What other engines have and what cannot be done in linear time, by how it begins. */
const BEYOND_RE2 = [
  [/^\\(?:[1-9]|k)/, 'back-references'],
  [/^\(\?<?[=!]/, 'look-around'],
  [/^\(\?>/, 'atomic groups'],
  [/^(?:[*+?]|\{[0-9,]+\})\+/, 'possessive repetition'],
] as const;

function explained(pattern: string, trouble: string, piece: string): BadPattern {
  const blame = piece ? { piece } : {};
  const beyond = BEYOND_RE2.find(([syntax]) => syntax.test(piece))?.[1];
  if (beyond) return { reason: `cannot use ${beyond} in a pattern, has "${shortened(piece)}"`, ...blame };
  const where = piece && piece !== pattern ? ` at "${shortened(piece)}"` : '';
  return { reason: `has the bad pattern "${shortened(pattern)}": ${trouble}${where}`, ...blame };
}
