/** The API's document for tests: its operations, and whether an answer is one that it describes. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

const text = readFileSync(new URL('../../../schema/openapi.yaml', import.meta.url), 'utf8');

interface Response {
  readonly content?: Readonly<Record<string, { readonly example?: unknown }>>;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response & { readonly $ref?: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly responses: Readonly<Record<string, Response>> };
}

const METHODS = new Set(['get', 'post', 'put']);

/** As it is written. */
export const document: Document = parse(text);

/** `GET /v1/plans/{}`: what the parts of a path are called does not matter. */
export function operationName(method: string, path: string): string {
  return `${method.toUpperCase()} ${path.replaceAll(/:\w+|\{\w+\}/g, '{}')}`;
}

export interface Described {
  /** As in `operationName`. */
  readonly name: string;
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

export const described: readonly Described[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([method]) => METHODS.has(method))
    .map(([method, operation]) => ({ name: operationName(method, path), path, method, operation })),
);

/** Objects have no members but those that are described. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, closed(value)] as const);
  const isOpen = 'properties' in part && !('additionalProperties' in part) && 'type' in part;
  return Object.fromEntries(isOpen ? [...entries, ['additionalProperties', false]] : entries);
}

const ajv = new Ajv2020({ strict: false, formats: { uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/ } });
ajv.addSchema(closed(document) as object, 'api');

const escaped = (key: string) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));
const compiled = new Map<string, ValidateFunction>();

function validator(pointer: readonly string[]): ValidateFunction {
  const $ref = `api#/${pointer.map(escaped).join('/')}`;
  const known = compiled.get($ref) ?? ajv.compile({ $ref });
  compiled.set($ref, known);
  return known;
}

/** Where the document describes this status of an operation; undefined when it does not. */
function responseOf(
  { path, method, operation }: Described,
  status: number,
): { at: string[]; response: Response } | undefined {
  const said = operation.responses[status];
  if (!said) return undefined;
  const shared = said.$ref?.split('/').at(-1);
  if (shared === undefined) return { at: ['paths', path, method, 'responses', String(status)], response: said };
  return { at: ['components', 'responses', shared], response: document.components.responses[shared] as Response };
}

/** What is wrong with an answer, in words; undefined when it is one that is described. */
export function objectionTo(
  asked: Described,
  answer: { status: number; type: string | null; body: string },
): string | undefined {
  const found = responseOf(asked, answer.status);
  if (!found) return `${answer.status} is not described`;
  const contents = found.response.content ?? {};
  const type = answer.type?.split(';')[0];
  if (Object.keys(contents).length === 0) return answer.body === '' ? undefined : 'a body, and none is described';
  if (!type || !contents[type]) return `the type ${type}, and described are ${Object.keys(contents)}`;
  const value = type === 'application/json' ? jsonOf(answer.body) : answer.body;
  return wrongIn([...found.at, 'content', type, 'schema'], value);
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function wrongIn(pointer: readonly string[], value: unknown): string | undefined {
  const validate = validator(pointer);
  return validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'body' });
}

/** Each example with where it stands and what is wrong with it. */
export function examples(): { where: string; wrong: string | undefined }[] {
  const own = described.flatMap((asked) =>
    Object.keys(asked.operation.responses).map((status) => ({
      where: `${asked.name} ${status}`,
      found: responseOf(asked, Number(status)),
    })),
  );
  return own.flatMap(({ where, found }) =>
    Object.entries(found?.response.content ?? {}).flatMap(([type, { example }]) => {
      if (example === undefined) return type === 'application/json' ? [{ where, wrong: 'it has none' }] : [];
      return [{ where, wrong: wrongIn([...(found?.at ?? []), 'content', type, 'schema'], example) }];
    }),
  );
}
