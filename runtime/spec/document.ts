/**
 * Rendered YAML read along the schema: every scalar typed by its field, every value with its place. Promises to read what the
 * schema knows and to name what it does not; never resolves merge keys and never unfolds an alias bomb.
 */
import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { Mistake } from './catalogue.ts';
import { nearest } from './nearest.ts';
import { dotted, pointerTo } from './pointer.ts';
import type { Finding } from './problem.ts';
import { isNull, type ScalarType, typed } from './scalar.ts';
import { type FieldSchema, resolved } from './schema.ts';
import type { Span } from './source.ts';
import { parseYaml } from './yaml.ts';

/** A finding at a stretch of the rendered text. */
export interface Found {
  readonly finding: Finding;
  readonly span: Span;
  /** The map that holds it. */
  readonly pointer: string;
}

/** Where a value stands; `key` is absent for the document itself. */
export interface Place {
  readonly key?: Span;
  readonly value: Span;
}

export interface Reading {
  /** Plain data for the schema, without the fields that are not set or not known. */
  readonly value: unknown;
  /** By JSON pointer, also for fields that are there without a value. */
  readonly places: ReadonlyMap<string, Place>;
  readonly mistakes: readonly Found[];
  readonly warnings: readonly Found[];
  /** Pointers of known fields that a mistaken key was meant to be. */
  readonly misspelt: ReadonlySet<string>;
}

/** What aliases unfold to is counted too; no service comes near it. */
const MOST_FIELDS = 50_000;

/** Reads one document. A text that is no YAML gives one mistake and no value. */
export function readDocument(text: string, schema: FieldSchema): Reading {
  const places = new Map<string, Place>();
  const mistakes: Found[] = [];
  const warnings: Found[] = [];
  const misspelt = new Set<string>();
  const parsed = parseYaml(text);
  if (!parsed.ok) {
    const { finding, span } = parsed;
    return { value: undefined, places, mistakes: [{ finding, span, pointer: '' }], warnings, misspelt };
  }
  const { root, aliases } = parsed;
  let fields = 0;

  const read = (given: Node | null, field: FieldSchema, pointer: string, key: Span | undefined): unknown => {
    const node = isAlias(given) ? aliases.get(given) : given;
    const value = spanOf(given, text) ?? { from: key?.to ?? 0, to: key?.to ?? 0 };
    places.set(pointer, { ...(key ? { key } : {}), value });
    if (isScalar(node)) return readScalar(node, field);
    if (isMap(node)) return field.type === 'object' ? readMap(node, field, pointer) : {};
    if (isSeq(node)) return field.type === 'array' ? readList(node, field, pointer) : [];
    return unset(field);
  };

  const readList = (list: YAMLSeq, field: FieldSchema, pointer: string): unknown =>
    (list.items as (Node | null)[]).map((item, index) => {
      fields += 1;
      if (fields > MOST_FIELDS) return null;
      return read(item, resolved(field.items), `${pointer}/${index}`, undefined) ?? null;
    });

  const readMap = (map: YAMLMap, field: FieldSchema, pointer: string): unknown => {
    // Without a prototype, so that a key such as __proto__ is a key like any other.
    const object: Record<string, unknown> = Object.create(null);
    const seen = new Set<string>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      fields += 1;
      if (fields > MOST_FIELDS) break;
      const span = spanOf(pair.key, text) ?? { from: 0, to: 0 };
      if (!isScalar(pair.key)) {
        mistakes.push({ finding: Mistake.KeyNotText(), span, pointer });
        continue;
      }
      const key = String(pair.key.value);
      if (key === '<<') mistakes.push({ finding: Mistake.MergeKey(), span, pointer });
      else if (seen.has(key)) mistakes.push({ finding: Mistake.DuplicateKey(key), span, pointer });
      else {
        seen.add(key);
        const known = fieldOf(field, key);
        if (!known) unknown(field, pointer, key, span);
        else {
          const value = read(pair.value, known, pointer + pointerTo(key), span) ?? emptyEntry(field, key, known);
          if (value !== undefined) object[key] = value;
        }
      }
    }
    return object;
  };

  const unknown = (field: FieldSchema, pointer: string, key: string, span: Span) => {
    const where = dotted(pointer) || 'a service';
    if (field['x-not-yet']?.includes(key)) {
      mistakes.push({ finding: Mistake.NotYet(where, key), span, pointer });
      return;
    }
    const known = Object.keys(field.properties ?? {});
    const near = nearest(key, known);
    const finding = Mistake.UnknownField(where, key, near, known.join(', '));
    if (field.additionalProperties === true) warnings.push({ finding, span, pointer });
    else {
      mistakes.push({ finding, span, pointer });
      if (near) misspelt.add(pointer + pointerTo(near));
    }
  };

  const top = { from: 0, to: 1 };
  if (!isMap(root)) mistakes.push({ finding: Mistake.NotAService(), span: spanOf(root, text) ?? top, pointer: '' });
  const value = isMap(root) ? read(root, schema, '', undefined) : undefined;
  if (fields <= MOST_FIELDS) return { value, places, mistakes, warnings, misspelt };
  return {
    value: undefined,
    places,
    mistakes: [{ finding: Mistake.TooMany(), span: top, pointer: '' }],
    warnings,
    misspelt,
  };
}

function fieldOf(field: FieldSchema, key: string): FieldSchema | undefined {
  const declared = field.properties;
  if (declared && Object.hasOwn(declared, key)) return resolved(declared[key]);
  return typeof field.additionalProperties === 'object' ? resolved(field.additionalProperties) : undefined;
}

/** Not set counts as the field's default, if that is text: a variable of `env` without a value is empty. */
function unset(field: FieldSchema): unknown {
  return typeof field.default === 'string' ? field.default : undefined;
}

/** What a map names by keys of the author's own is there, also without a value; then the schema says what it needs. */
function emptyEntry(map: FieldSchema, key: string, field: FieldSchema): unknown {
  if (Object.hasOwn(map.properties ?? {}, key)) return undefined;
  return field.type === 'object' ? {} : field.type === 'array' ? null : undefined;
}

function readScalar(scalar: Scalar, field: FieldSchema): unknown {
  const text = String(scalar.value);
  const plain = scalar.type === 'PLAIN';
  if (plain && isNull(text)) return unset(field);
  switch (field.type) {
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return typed(text, field.type satisfies ScalarType);
    default:
      return text;
  }
}

/** An empty value stands where its text would: behind the blanks that follow the colon. */
function spanOf(node: Node | Alias | null | undefined, text: string): Span | undefined {
  if (!node?.range) return undefined;
  const [from, to] = node.range;
  if (from < to) return { from, to: isScalar(node) ? to : firstLine(text, from, to) };
  let end = from;
  while (text[end] === ' ') end += 1;
  return { from: end, to: end };
}

function firstLine(text: string, from: number, to: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? to : Math.min(end, to);
}
