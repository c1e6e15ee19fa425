/** The JSON Schema of svc.yml as the reader walks it. Promises the part of draft-07 that our schema uses; never judges a value. */

/** What `keywords.ts` knows how to check, and our additions: `patternErrorMessage` and what starts with `x-`. */
export interface FieldSchema {
  readonly title?: string;
  readonly description?: string;
  /** Of several the first is what the field holds; the others are how YAML may have it read by an editor. */
  readonly type?: string | readonly string[];
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | FieldSchema;
  readonly propertyNames?: FieldSchema;
  readonly items?: FieldSchema;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  /** The rule in words; VS Code knows it under this name. */
  readonly patternErrorMessage?: string;
  readonly 'x-unit'?: string;
  /** The default in words, where it follows from something else. */
  readonly 'x-default'?: string;
  readonly definitions?: Readonly<Record<string, FieldSchema>>;
}

// Not a static import: the schema lies outside the folder that the compiler reads.
const location = new URL('../../schema/svc.schema.json', import.meta.url).href;
const loaded: { default: FieldSchema } = await import(location, { with: { type: 'json' } });

export const serviceSchema: FieldSchema = loaded.default;

const DEFINITIONS = '#/definitions/';

/** The schema itself, or what its `$ref` (always one of our definitions) names. */
export function resolved(field: FieldSchema | undefined): FieldSchema {
  const name = field?.$ref?.slice(DEFINITIONS.length);
  return (name === undefined ? field : serviceSchema.definitions?.[name]) ?? {};
}

/** What the field holds: object, array, string, integer, number or boolean. */
export function typeOf({ type }: FieldSchema): string {
  return (typeof type === 'string' ? type : type?.[0]) ?? '';
}
