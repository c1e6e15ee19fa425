/**
 * The JSON Schema of svc.yml, and what it says about a value. Promises one finding for one mistake, placed by JSON pointer; the
 * schema is compiled once, when first needed.
 */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Mistake } from './catalogue.ts';
import { parsePlacement } from './placement.ts';
import { dotted, pointerTo } from './pointer.ts';
import { type Finding, shortened } from './problem.ts';

/** The part of JSON Schema draft-07 that our schema uses, and our two additions (`x-not-yet`, `patternErrorMessage`). */
export interface FieldSchema {
  readonly title?: string;
  readonly type?: string;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | FieldSchema;
  readonly items?: FieldSchema;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly string[];
  /** Fields that upstream has and this version does not support yet. */
  readonly 'x-not-yet'?: readonly string[];
  /** The rule in words; VS Code knows it under this name. */
  readonly patternErrorMessage?: string;
  readonly definitions?: Readonly<Record<string, FieldSchema>>;
}

// Not a static import: the schema lies outside the folder that the compiler reads.
const location = new URL('../../schema/svc.schema.json', import.meta.url).href;
const loaded: { default: FieldSchema } = await import(location, { with: { type: 'json' } });

export const serviceSchema: FieldSchema = loaded.default;

/** The schema itself, or what its `$ref` (always one of our definitions) names. */
export function resolved(field: FieldSchema | undefined): FieldSchema {
  const name = field?.$ref?.replace('#/definitions/', '');
  return (name === undefined ? field : serviceSchema.definitions?.[name]) ?? {};
}

let compiled: ValidateFunction | undefined;

function validator(): ValidateFunction {
  if (!compiled) {
    // Not strict: the defaults of shared definitions and our own annotations are for people and editors. A test checks the schema.
    const ajv = new Ajv({
      strict: false,
      validateSchema: false,
      allErrors: true,
      useDefaults: true,
      verbose: true,
      logger: false,
    });
    ajv.addFormat('placement', (text: string) => parsePlacement(text).ok);
    compiled = ajv.compile(serviceSchema);
  }
  return compiled;
}

export interface Violation {
  readonly finding: Finding;
  /** JSON pointer of the value that is meant; of the map when a field is missing from it. */
  readonly pointer: string;
  /** The field that is missing, and what to say when its key is there without a value. */
  readonly missing?: { readonly field: string; readonly empty: Finding };
  /** The key is wrong, not the value. */
  readonly ofKey?: boolean;
}

/** Fills in the defaults and returns what is wrong. */
export function validate(value: unknown): Violation[] {
  const check = validator();
  if (check(value)) return [];
  return (check.errors ?? []).flatMap((error) => violation(error) ?? []);
}

function violation(error: ErrorObject): Violation | undefined {
  const pointer = error.instancePath;
  const path = dotted(pointer) || 'a service';
  const field = (error.parentSchema ?? {}) as FieldSchema;
  const is = error.propertyName ?? described(error.data);
  const { params } = error;
  if (error.propertyName !== undefined) {
    const key = pointer + pointerTo(error.propertyName);
    const rule = field.patternErrorMessage ?? 'write a name';
    return {
      finding: Mistake.BadForm('a name', shortened(error.propertyName) || 'empty', rule),
      pointer: key,
      ofKey: true,
    };
  }
  switch (error.keyword) {
    case 'required': {
      const missing = String(params['missingProperty']);
      const example = exampleOf(resolved(field.properties?.[missing]));
      const empty = Mistake.EmptyField(dotted(pointer + pointerTo(missing)), example);
      return { finding: Mistake.MissingField(path, missing, example), pointer, missing: { field: missing, empty } };
    }
    case 'type':
      return { finding: wrongType(path, field, is), pointer };
    case 'minimum':
      return { finding: Mistake.OutOfRange(path, `at least ${field.minimum}`, is), pointer };
    case 'maximum':
      return { finding: Mistake.OutOfRange(path, `at most ${field.maximum}`, is), pointer };
    case 'enum':
      return {
        finding: Mistake.NotAllowed(path, is, (field.enum ?? []).join(', ').replace(/, ([^,]*)$/, ' or $1')),
        pointer,
      };
    case 'pattern':
      return { finding: Mistake.BadForm(path, is || 'empty', field.patternErrorMessage ?? ''), pointer };
    case 'format': {
      const placement = parsePlacement(String(error.data));
      return placement.ok ? undefined : { finding: Mistake.BadPlacement(placement.reason), pointer };
    }
    case 'minLength':
      return { finding: Mistake.EmptyField(path, exampleOf(field)), pointer };
    case 'minProperties':
    case 'maxProperties': {
      const keys = Object.keys(error.data as object).length;
      return {
        finding: field.maxProperties === 1 ? Mistake.NotOneKey(path, String(keys)) : Mistake.NeedsEntries(path),
        pointer,
      };
    }
    case 'uniqueItems':
      return { finding: Mistake.RepeatedTask(path), pointer };
    default:
      // propertyNames repeats what the name's own error says.
      return undefined;
  }
}

const WANTED: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function wrongType(path: string, field: FieldSchema, is: string): Finding {
  const example = exampleOf(field);
  const remedy =
    field.type === 'string'
      ? (field.patternErrorMessage ?? 'put it in quotes')
      : example
        ? `write ${WANTED[field.type ?? '']}, such as ${example}`
        : '';
  return Mistake.WrongType(path, WANTED[field.type ?? ''] ?? '', is, remedy);
}

/** The first example of a scalar or a list, as one would type it. */
function exampleOf(field: FieldSchema): string {
  const [example] = field.examples ?? [];
  if (Array.isArray(example)) return JSON.stringify(example);
  return example === undefined || typeof example === 'object' ? '' : String(example);
}

function described(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? shortened(value) : String(value);
}
