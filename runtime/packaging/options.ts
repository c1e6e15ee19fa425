/**
 * A package's options: the defaults of `config.json` under what the operator gave, checked against the schema (packaging section
 * 1.6, steps 1-3). Promises Cosmos' rules; never renders anything.
 */
import { Ajv, type ErrorObject } from 'ajv';
import { Mistake } from '../spec/catalogue.ts';
import { nearest } from '../spec/nearest.ts';
import { dotted, pointerTo } from '../spec/pointer.ts';
import { type Finding, inOrder, locatorOf, type Problem, wholeFile } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { isObject, type JsonObject, parseJsonObject, spanIn } from './json.ts';

export type OptionsResult = { ok: true; options: JsonObject } | { ok: false; problems: Problem[] };

/** `given`: what `--options` names. Each bad option is one problem, placed in that file if it came from there. */
export function optionsOf(config: SourceFile | undefined, given: SourceFile | undefined): OptionsResult {
  if (!config) {
    return given ? { ok: false, problems: [wholeFile(Mistake.NoOptions(), given.file)] } : { ok: true, options: {} };
  }
  const schema = parseJsonObject(config);
  if (!schema.ok) return { ok: false, problems: [schema.problem] };
  const user = given ? parseJsonObject(given) : undefined;
  if (user && !user.ok) return { ok: false, problems: [user.problem] };

  const options = merged(defaultsOf(schema.json), user?.json ?? {});
  const violations = violationsOf(schema.json, options);
  if (typeof violations === 'string')
    return { ok: false, problems: [wholeFile(Mistake.BadOptionsSchema(violations), config.file)] };
  if (violations.length === 0) return { ok: true, options };
  return { ok: false, problems: inOrder(violations.map((error) => placed(error, config, given))) };
}

/** A default of its own wins over those of its properties; what has none anywhere is absent. */
export function defaultsOf(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      if (!isObject(property)) return [];
      if (Object.hasOwn(property, 'default')) return [[name, property['default']]];
      const nested = defaultsOf(property);
      return Object.keys(nested).length > 0 ? [[name, nested]] : [];
    }),
  );
}

/** Objects merge, everything else is replaced. */
export function merged(below: JsonObject, above: JsonObject): JsonObject {
  const both = Object.entries(above).map(([name, value]) => {
    const under = Object.hasOwn(below, name) ? below[name] : undefined;
    return [name, isObject(value) && isObject(under) ? merged(under, value) : value];
  });
  return Object.fromEntries([...Object.entries(below), ...both]);
}

/** The schema's errors, or why it is no schema. Packages write draft 4; what differs (`$schema`, `id`) is only its name. */
function violationsOf(
  { $schema: _draft, id: _id, ...schema }: JsonObject,
  options: JsonObject,
): ErrorObject[] | string {
  try {
    const check = new Ajv({
      strict: false,
      allErrors: true,
      verbose: true,
      validateSchema: false,
      logger: false,
    }).compile(schema);
    return check(options) ? [] : (check.errors ?? []);
  } catch (error) {
    return (error as Error).message;
  }
}

function placed(error: ErrorObject, config: SourceFile, given: SourceFile | undefined): Problem {
  const { finding, pointer } = explained(error);
  // A missing or unknown option is shown at the nearest section that the file has.
  for (let at = pointer; given && at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const span = spanIn(given, at.slice(1).split('/'));
    if (span) return locatorOf(given)(finding, span);
  }
  return wholeFile(finding, given?.file ?? config.file);
}

function explained(error: ErrorObject): { finding: Finding; pointer: string } {
  const { instancePath, keyword, params } = error;
  const option = (name: unknown) => instancePath + pointerTo(String(name));
  if (keyword === 'additionalProperties') {
    const pointer = option(params['additionalProperty']);
    const known = Object.keys((error.parentSchema?.['properties'] as JsonObject | undefined) ?? {});
    const near = nearest(String(params['additionalProperty']), known);
    return { finding: Mistake.BadOption(dotted(pointer), 'is not an option of this package', near), pointer };
  }
  if (keyword === 'required') {
    const pointer = option(params['missingProperty']);
    return { finding: Mistake.BadOption(dotted(pointer), 'is required and has no default', undefined), pointer };
  }
  const allowed = keyword === 'enum' ? `: ${(params['allowedValues'] as unknown[]).join(', ')}` : '';
  const rule = `${error.message ?? keyword}${allowed}, is ${JSON.stringify(error.data)}`;
  return { finding: Mistake.BadOption(dotted(instancePath) || '(all)', rule, undefined), pointer: instancePath };
}
