/**
 * What a JSON Schema says against a value, in words. Promises one violation a place, named with the schema's rule; never decides
 * whose value it is or where it stands.
 */
import { createRequire } from 'node:module';
import type * as Library from 'ajv';
import type { ErrorObject } from 'ajv';
import { meant } from '../spec/catalogue/row.ts';
import { type Suggest, suggester } from '../spec/nearest.ts';
import { pointerTo } from '../spec/pointer.ts';
import { shortened } from '../spec/problem.ts';
import { fromDraft4 } from './draft4.ts';
import { isObject, type JsonObject } from './json.ts';

export interface Violation {
  /** JSON pointer into the value; of what is missing, where it should be. */
  readonly pointer: string;
  /** To be read behind the name of the value: `must be at least 1, is 0`. */
  readonly rule: string;
  readonly remedy?: string;
}

export type Judgement =
  | { readonly ok: true; readonly violations: readonly Violation[] }
  /** It is no schema. */
  | { readonly ok: false; readonly reason: string };

// Loaded with the first schema: a definition without a package should not wait for it.
const require = createRequire(import.meta.url);
const library = () => require('ajv') as typeof Library;

/** `schema` is of draft 4, as those of packages. */
export function violationsOf(schema: JsonObject, value: unknown): Judgement {
  const { Ajv } = library();
  try {
    const check = new Ajv({
      strict: false,
      allErrors: true,
      verbose: true,
      validateSchema: false,
      logger: false,
      unicodeRegExp: false,
    }).compile(fromDraft4(schema));
    const errors = check(value) ? [] : (check.errors ?? []);
    const suggest = suggester();
    const ranked = [...errors].sort((a, b) => rank(a) - rank(b));
    return { ok: true, violations: oneAPlace(ranked.map((found) => violation(found, suggest))) };
  } catch (error) {
    return { ok: false, reason: (error as Error).message };
  }
}

/** A choice of schemas says more than what each of them says, and a wrong type more than what follows from it. */
function rank({ keyword }: ErrorObject): number {
  const first = ['anyOf', 'oneOf', 'type'].indexOf(keyword);
  return first < 0 ? 3 : first;
}

function oneAPlace(violations: readonly Violation[]): Violation[] {
  return [...new Map([...violations].reverse().map((found) => [found.pointer, found])).values()].reverse();
}

function violation(error: ErrorObject, suggest: Suggest): Violation {
  const { instancePath: pointer, keyword, params, data } = error;
  const { properties, description } = (error.parentSchema ?? {}) as JsonObject;
  const known = isObject(properties) ? properties : {};
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    const names = Object.keys(known);
    const remedy = meant(suggest(name, names)) ?? (names.length > 0 ? `there are: ${names.join(', ')}` : 'remove it');
    return { pointer: pointer + pointerTo(name), rule: 'does not exist', remedy };
  }
  if (keyword === 'required') {
    const name = String(params['missingProperty']);
    const missing = known[name];
    const says = isObject(missing) ? missing['description'] : undefined;
    return { pointer: pointer + pointerTo(name), rule: 'is required and missing', ...explanation(says) };
  }
  const is = shortened(JSON.stringify(data) ?? 'nothing');
  const words = RULES[keyword]?.(params) ?? error.message ?? keyword;
  return { pointer, rule: `${words}, is ${is}`, ...explanation(description) };
}

/** What the schema's author says of the value helps to mend it. */
function explanation(description: unknown): { remedy?: string } {
  return typeof description === 'string' && description !== '' ? { remedy: description } : {};
}

const RULES: Readonly<Record<string, (params: JsonObject) => string>> = {
  type: ({ type }) => `must be ${either([type].flat().map((name) => TYPES[String(name)] ?? String(name)))}`,
  enum: ({ allowedValues }) => `must be ${either((allowedValues as unknown[]).map(String))}`,
  pattern: ({ pattern }) => `must match ${pattern}`,
  minimum: ({ limit }) => `must be at least ${limit}`,
  maximum: ({ limit }) => `must be at most ${limit}`,
  exclusiveMinimum: ({ limit }) => `must be more than ${limit}`,
  exclusiveMaximum: ({ limit }) => `must be less than ${limit}`,
  multipleOf: ({ multipleOf }) => `must be a multiple of ${multipleOf}`,
  minLength: ({ limit }) => `must have at least ${counted(limit, 'character')}`,
  maxLength: ({ limit }) => `must have at most ${counted(limit, 'character')}`,
  minItems: ({ limit }) => `must have at least ${counted(limit, 'entry')}`,
  maxItems: ({ limit }) => `must have at most ${counted(limit, 'entry')}`,
  minProperties: ({ limit }) => `must have at least ${counted(limit, 'entry')}`,
  maxProperties: ({ limit }) => `must have at most ${counted(limit, 'entry')}`,
  uniqueItems: () => 'must not hold anything twice',
};

const TYPES: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function either(words: readonly string[]): string {
  return words.join(', ').replace(/, ([^,]*)$/, ' or $1');
}

function counted(count: unknown, what: 'character' | 'entry'): string {
  if (count === 1) return `1 ${what}`;
  return `${count} ${what === 'entry' ? 'entries' : 'characters'}`;
}
