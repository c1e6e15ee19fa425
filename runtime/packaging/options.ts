/**
 * A package's options: the defaults of `config.json` under what the operator gave, checked against the schema (packaging section
 * 1.6, steps 1-3). Promises Cosmos' rules; never renders anything.
 */
import { Mistake } from '../spec/catalogue.ts';
import { dotted, keysOf, pointerTo } from '../spec/pointer.ts';
import { inOrder, locatorOf, type Problem, wholeFile } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { isObject, type JsonObject, parseJsonObject, placesIn } from './json.ts';
import { type Violation, violationsOf } from './violations.ts';

export type OptionsResult =
  | {
      ok: true;
      /** Defaults and what was given, together. */
      options: JsonObject;
      given: JsonObject;
    }
  | { ok: false; problems: Problem[] };

/** `given`: what `--options` names. Each bad option is one problem, placed in that file if it came from there. */
export function optionsOf(config: SourceFile | undefined, given: SourceFile | undefined): OptionsResult {
  if (!config) {
    if (given) return { ok: false, problems: [wholeFile(Mistake.NoOptions(), given.file)] };
    return { ok: true, options: {}, given: {} };
  }
  const schema = parseJsonObject(config);
  if (!schema.ok) return { ok: false, problems: [schema.problem] };
  const user = given ? parseJsonObject(given) : { ok: true as const, json: {} };
  if (!user.ok) return { ok: false, problems: [user.problem] };

  const options = merged(defaultsOf(schema.json), user.json);
  const judged = violationsOf(schema.json, options);
  if (!judged.ok) return { ok: false, problems: [wholeFile(Mistake.BadOptionsSchema(judged.reason), config.file)] };
  if (judged.violations.length === 0) return { ok: true, options, given: user.json };
  const place = placer(config, given);
  return { ok: false, problems: inOrder(judged.violations.map(place)) };
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

/** In the file of options, as far as that has the place; a wrong default is shown where the schema has it. */
function placer(config: SourceFile, given: SourceFile | undefined): (violation: Violation) => Problem {
  const inGiven = given && { locate: locatorOf(given), placeOf: placesIn(given) };
  const inSchema = { locate: locatorOf(config), placeOf: placesIn(config) };
  return ({ pointer, rule, remedy }) => {
    const finding = Mistake.BadOption(dotted(pointer) || '(all)', rule, remedy);
    const span = inGiven?.placeOf(pointer);
    if (inGiven && span) return inGiven.locate(finding, span);
    const ofDefault = inSchema.placeOf(`${schemaPointer(keysOf(pointer))}/default`);
    return ofDefault ? inSchema.locate(finding, ofDefault) : wholeFile(finding, (given ?? config).file);
  };
}

/** Where the schema has the option at these keys. */
export function schemaPointer(keys: readonly string[]): string {
  return pointerTo(...keys.flatMap((name) => ['properties', name]));
}
