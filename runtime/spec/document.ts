/**
 * Rendered YAML read along the schema: every scalar typed by its field, every value with its place, every field held against its
 * keywords. Promises to read what the schema knows and to name what it does not; never resolves merge keys, never unfolds an
 * alias bomb.
 */
import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { Mistake } from './catalogue.ts';
import { filled } from './defaults.ts';
import { faultOf, keyFinding, missing, named } from './keywords.ts';
import { type Suggest, suggester } from './nearest.ts';
import { type PlaceOf, placesIn, valueSpan } from './places.ts';
import { pointerTo } from './pointer.ts';
import type { Finding } from './problem.ts';
import { isNull, type ScalarType, typed } from './scalar.ts';
import { type FieldSchema, resolved, typeOf } from './schema.ts';
import { LARGEST_TEXT, type Span } from './source.ts';
import { spanOf, within } from './spans.ts';
import { parseYaml } from './yaml.ts';

/** A finding at a stretch of the rendered text. */
export interface Found {
  readonly finding: Finding;
  readonly span: Span;
  /** The value that is wrong, or the map that holds a wrong key. */
  readonly pointer: string;
  /** All of the value, when `span` is a part of it. */
  readonly whole?: Span;
}

export interface Reading {
  /** Plain data with defaults filled in, without the fields that are not set or not known; undefined: this is no definition. */
  readonly value: unknown;
  /** By JSON pointer, also for fields that are there without a value. */
  readonly placeOf: PlaceOf;
  readonly mistakes: readonly Found[];
  readonly warnings: readonly Found[];
}

/** What aliases unfold to is counted too; no service comes near it. */
const MOST_FIELDS = 50_000;

const TOP: Span = { from: 0, to: 1 };

/** Reads one document. A text that is no YAML gives one mistake and no value. */
export function readDocument(text: string, schema: FieldSchema): Reading {
  const none = (finding: Finding, span: Span): Reading => ({
    value: undefined,
    placeOf: () => undefined,
    mistakes: [{ finding, span, pointer: '' }],
    warnings: [],
  });
  const parsed = parseYaml(text);
  if (!parsed.ok) return none(parsed.finding, parsed.span);
  const { root, aliases } = parsed;
  if (!isMap(root)) return none(Mistake.NotAService(), spanOf(root, text) ?? TOP);
  const walk: Walk = {
    text,
    aliases,
    suggest: suggester(),
    placeOf: placesIn(root, aliases, text),
    mistakes: [],
    warnings: [],
    fields: 0,
    characters: 0,
  };
  const value = read(walk, root, schema, '', undefined);
  if (walk.fields > MOST_FIELDS) return none(Mistake.TooMany(), TOP);
  if (walk.characters > LARGEST_TEXT) return none(Mistake.TooLarge('what this unfolds to'), TOP);
  return { value, placeOf: walk.placeOf, mistakes: walk.mistakes, warnings: walk.warnings };
}

interface Walk {
  readonly text: string;
  readonly aliases: ReadonlyMap<Alias, Node>;
  readonly suggest: Suggest;
  readonly placeOf: PlaceOf;
  readonly mistakes: Found[];
  readonly warnings: Found[];
  fields: number;
  characters: number;
}

function full(walk: Walk): boolean {
  return walk.fields > MOST_FIELDS || walk.characters > LARGEST_TEXT;
}

/** The value of a node, held against its field; undefined when it is not set. */
function read(walk: Walk, given: Node | null, field: FieldSchema, pointer: string, key: Node | undefined): unknown {
  const node = isAlias(given) ? walk.aliases.get(given) : given;
  const value = typedValue(walk, node ?? null, field, pointer);
  if (value === undefined) return undefined;
  const fault = faultOf(value, field, pointer);
  if (fault) {
    const { finding, part } = fault;
    const span = valueSpan(given, spanOf(key, walk.text), walk.text);
    const inside = part && given && within(given, walk.text, String(value), part);
    walk.mistakes.push({ finding, pointer, ...(inside ? { span: inside, whole: span } : { span }) });
  }
  return value;
}

function typedValue(walk: Walk, node: Node | null, field: FieldSchema, pointer: string): unknown {
  const type = typeOf(field);
  if (isMap(node)) return type === 'object' ? readMap(walk, node, field, pointer) : {};
  if (isSeq(node)) return type === 'array' ? readList(walk, node, field, pointer) : [];
  if (!isScalar(node)) return unset(field);
  const text = String(node.value);
  walk.characters += text.length;
  if (node.type === 'PLAIN' && isNull(text)) return unset(field);
  // A templated choice that came out empty is no choice.
  if (text === '' && field.enum && field.default !== undefined) return undefined;
  return type === 'object' || type === 'array' ? text : typed(text, type as ScalarType);
}

function readList(walk: Walk, list: YAMLSeq, field: FieldSchema, pointer: string): unknown[] {
  const item = resolved(field.items);
  return (list.items as (Node | null)[]).map((node, index) => {
    walk.fields += 1;
    if (full(walk)) return null;
    const here = `${pointer}/${index}`;
    const value = read(walk, node, item, here, undefined);
    if (value !== undefined) return value;
    const { finding } = faultOf(null, item, here) ?? {};
    if (finding) walk.mistakes.push({ finding, span: walk.placeOf(here)?.value ?? TOP, pointer: here });
    return null;
  });
}

function readMap(walk: Walk, map: YAMLMap, field: FieldSchema, pointer: string): Record<string, unknown> {
  // Without a prototype, so that a key such as __proto__ is a key like any other.
  const object: Record<string, unknown> = Object.create(null);
  const seen = new Set<string>();
  const almost = new Set<string>();
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    walk.fields += 1;
    if (full(walk)) break;
    const wrong = (finding: Finding, at = pointer) =>
      walk.mistakes.push({ finding, span: spanOf(pair.key, walk.text) ?? TOP, pointer: at });
    if (!isScalar(pair.key)) {
      wrong(Mistake.KeyNotText());
      continue;
    }
    const key = String(pair.key.value);
    walk.characters += key.length;
    const known = fieldOf(field, key);
    if (key === '<<') wrong(Mistake.MergeKey());
    else if (seen.has(key)) wrong(Mistake.DuplicateKey(key));
    else if (!known) unknownField(walk, field, pointer, key, spanOf(pair.key, walk.text) ?? TOP, almost);
    else {
      const here = pointer + pointerTo(key);
      const badKey = Object.hasOwn(field.properties ?? {}, key)
        ? undefined
        : keyFinding(key, resolved(field.propertyNames));
      if (badKey) wrong(badKey, here);
      const value = read(walk, pair.value, known, here, pair.key) ?? emptyEntry(walk, field, key, known, here);
      if (value !== undefined) object[key] = value;
    }
    seen.add(key);
  }
  // What a merge key would have brought is not missing.
  if (!seen.has('<<')) requireFields(walk, field, object, pointer, almost);
  return filled(object, field);
}

function fieldOf(field: FieldSchema, key: string): FieldSchema | undefined {
  const declared = field.properties;
  if (declared && Object.hasOwn(declared, key)) return resolved(declared[key]);
  return typeof field.additionalProperties === 'object' ? resolved(field.additionalProperties) : undefined;
}

/** `almost`: takes in the field that was probably meant. */
function unknownField(
  walk: Walk,
  field: FieldSchema,
  pointer: string,
  key: string,
  span: Span,
  almost: Set<string>,
): void {
  const known = Object.keys(field.properties ?? {});
  const near = walk.suggest(key, known);
  const finding = Mistake.UnknownField(named(pointer), key, near, known.join(', '));
  if (field.additionalProperties === true) walk.warnings.push({ finding, span, pointer });
  else {
    walk.mistakes.push({ finding, span, pointer });
    if (near) almost.add(near);
  }
}

/** What a map names by keys of the author's own is there, also without a value. */
function emptyEntry(walk: Walk, map: FieldSchema, key: string, field: FieldSchema, pointer: string): unknown {
  if (Object.hasOwn(map.properties ?? {}, key)) return undefined;
  if (typeOf(field) === 'object') {
    requireFields(walk, field, {}, pointer, new Set());
    return filled(Object.create(null), field);
  }
  const fault = faultOf(null, field, pointer);
  if (!fault) return undefined;
  walk.mistakes.push({ finding: fault.finding, span: walk.placeOf(pointer)?.value ?? TOP, pointer });
  return null;
}

/** A missing field is shown at its empty value, if its key is there, else at the key of the map that wants it, or at the map. */
function requireFields(
  walk: Walk,
  field: FieldSchema,
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  almost: ReadonlySet<string>,
): void {
  for (const name of field.required ?? []) {
    if (Object.hasOwn(object, name) || almost.has(name)) continue;
    const { absent, empty } = missing(pointer, name, resolved(field.properties?.[name]));
    const written = walk.placeOf(pointer + pointerTo(name))?.value;
    const map = pointer === '' ? undefined : walk.placeOf(pointer);
    const span = written ?? map?.key ?? map?.value ?? TOP;
    walk.mistakes.push({ finding: written ? empty : absent, span, pointer });
  }
}

/** Not set counts as the field's default, if that is text: a variable of `env` without a value is empty. */
function unset(field: FieldSchema): unknown {
  return typeof field.default === 'string' ? field.default : undefined;
}
