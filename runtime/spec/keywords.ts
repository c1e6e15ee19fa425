/**
 * What the keywords of a field's schema say about one value. Promises the findings of draft-07 for the keywords that our schema
 * uses, at most one for a scalar; never looks below the value or at what is beside it.
 */
import { Mistake } from './catalogue.ts';
import { parsePlacement } from './placement.ts';
import { dotted, pointerTo } from './pointer.ts';
import { type Finding, shortened } from './problem.ts';
import { type FieldSchema, typeOf } from './schema.ts';

export interface Fault {
  readonly finding: Finding;
  /** The part of the text that is meant, end exclusive; absent: all of the value. */
  readonly part?: { readonly from: number; readonly to: number };
}

/** The value has been typed by its field, and is not absent; the pointer says where it is. */
export function faultOf(value: unknown, field: FieldSchema, pointer: string): Fault | undefined {
  if (!isA(typeOf(field), value)) return { finding: wrongType(named(pointer), field, value) };
  if (typeof value === 'string') return textFault(value, field, pointer);
  const finding = typeof value === 'number' ? numberFinding(value, field, pointer) : sizeFinding(value, field, pointer);
  return finding ? { finding } : undefined;
}

/** What is wrong with the key of an entry, if anything. */
export function keyFinding(key: string, rule: FieldSchema | undefined): Finding | undefined {
  if (!rule) return undefined;
  const is = shortened(key) || 'empty';
  if (rule.enum && !rule.enum.includes(key)) return Mistake.NotAllowed('a name', is, either(rule.enum));
  if (matches(key, rule) && !UNSTORABLE.test(key)) return undefined;
  return Mistake.BadForm('a name', is, rule.patternErrorMessage ?? 'write a name');
}

/** What is said of a required field that is not there, or has no value. */
export function missing(pointer: string, name: string, field: FieldSchema): { absent: Finding; empty: Finding } {
  const example = exampleOf(field);
  return {
    absent: Mistake.MissingField(named(pointer), name, example),
    empty: Mistake.EmptyField(dotted(pointer + pointerTo(name)), example),
  };
}

/** How a message calls the value at a pointer. */
export function named(pointer: string): string {
  return dotted(pointer) || 'a service';
}

function isA(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}

function matches(text: string, { pattern, minLength = 0 }: FieldSchema): boolean {
  return text.length >= minLength && (pattern === undefined || compiled(pattern).test(text));
}

const patterns = new Map<string, RegExp>();

/** The patterns of the schema are few, and each is met often. */
function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(pattern, 'u');
  patterns.set(pattern, known);
  return known;
}

/** A NUL would end a command early, and half a character does not survive being stored. */
const UNSTORABLE = /[\0\p{Surrogate}]/u;

function textFault(text: string, field: FieldSchema, pointer: string): Fault | undefined {
  const [unstorable] = UNSTORABLE.exec(text) ?? [];
  if (unstorable !== undefined) {
    const code = unstorable.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return { finding: Mistake.BadForm(named(pointer), shortened(text), `remove the character U+${code}`) };
  }
  if (field.enum && !field.enum.includes(text)) {
    return { finding: Mistake.NotAllowed(named(pointer), shortened(text) || 'empty', either(field.enum)) };
  }
  if (text === '' && field.minLength) return { finding: Mistake.EmptyField(named(pointer), exampleOf(field)) };
  if (!matches(text, field)) {
    return { finding: Mistake.BadForm(named(pointer), shortened(text) || 'empty', field.patternErrorMessage ?? '') };
  }
  return field.format === 'placement' ? placementFault(text) : undefined;
}

function placementFault(text: string): Fault | undefined {
  const placement = parsePlacement(text);
  if (placement.ok) return undefined;
  const { reason, from, to } = placement;
  return {
    finding: Mistake.BadPlacement(reason),
    ...(from === undefined || to === undefined ? {} : { part: { from, to } }),
  };
}

function numberFinding(number: number, { minimum, maximum }: FieldSchema, pointer: string): Finding | undefined {
  if (minimum !== undefined && number < minimum)
    return Mistake.OutOfRange(named(pointer), `at least ${minimum}`, String(number));
  if (maximum !== undefined && number > maximum)
    return Mistake.OutOfRange(named(pointer), `at most ${maximum}`, String(number));
  return undefined;
}

function sizeFinding(value: unknown, field: FieldSchema, pointer: string): Finding | undefined {
  if (Array.isArray(value)) {
    const twice = field.uniqueItems ? repeatedIn(value) : undefined;
    return twice === undefined ? undefined : Mistake.Repeated(named(pointer), shortened(twice));
  }
  const { minProperties = 0, maxProperties = Number.POSITIVE_INFINITY } = field;
  const size = Object.keys(value as object).length;
  if (size >= minProperties && size <= maxProperties) return undefined;
  return maxProperties === 1 ? Mistake.NotOneKey(named(pointer), String(size)) : Mistake.NeedsEntries(named(pointer));
}

function repeatedIn(items: readonly unknown[]): string | undefined {
  const seen = new Set<unknown>();
  const twice = items.find((item) => seen.size === seen.add(item).size);
  return twice === undefined ? undefined : String(twice);
}

const WANTED: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function wrongType(path: string, field: FieldSchema, value: unknown): Finding {
  const type = typeOf(field);
  const wanted = WANTED[type] ?? '';
  const example = exampleOf(field);
  const such = example ? `write ${wanted}, such as ${example}` : '';
  const remedy = type === 'string' ? (field.patternErrorMessage ?? 'put it in quotes') : such;
  return Mistake.WrongType(path, wanted, described(value), remedy);
}

/** The first example as one would type it on one line; empty when it is too long for that. */
function exampleOf({ examples = [] }: FieldSchema): string {
  const text = examples.length > 0 ? inFlow(examples[0]) : '';
  return text.length > 80 ? '' : text;
}

function inFlow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inFlow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${inFlow(item)}`);
  return `{ ${entries.join(', ')} }`;
}

function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? shortened(value) || 'empty' : String(value);
}

function either(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}
