/**
 * Holds the tags of `marathon.json.mustache` against the options and resources that there are. Promises each name once, at its place;
 * never speaks of names inside lists, whose items only a rendering knows.
 */
import { Mistake } from '../spec/catalogue.ts';
import { suggester } from '../spec/nearest.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { tagsOf } from '../spec/template.ts';
import { isObject, type JsonObject, placesIn } from './json.ts';
import { schemaPointer } from './options.ts';

/** The file config.json, and its content. */
interface Options {
  readonly file: SourceFile;
  readonly schema: JsonObject;
}

/** Tags that are empty whatever an operator sets, and options that change nothing. `resource`: the content of resource.json. */
export function referenceProblems(template: SourceFile, { file, schema }: Options, resource: JsonObject): Problem[] {
  const options = optionPaths(schema);
  const resources = leafPaths(resource).map((path) => `resource.${path}`);
  const names = [...options, ...resources];
  const known: Known = { values: new Set(names), groups: new Set(names.flatMap((name) => withParents(name))) };
  const suggest = suggester();
  const tags = tagsOf(template.text);
  const inTemplate = locatorOf(template);
  const seen = new Set<string>();
  const unknown = tags.flatMap(({ name, span }) => {
    if (seen.has(name) || isOfItem(name) || isKnown(name, known)) return [];
    seen.add(name);
    const where = name.startsWith('resource.') ? 'resource.json' : 'config.json';
    return [inTemplate(Mistake.NoSuchOption(name, where, suggest(name, names)), span)];
  });

  const used = new Set([...tags.map(({ name }) => name), ...jsonOptions(template.text)]);
  const [inConfig, placeOf] = [locatorOf(file), placesIn(file)];
  const unused = options
    .filter((option) => !withParents(option).some((name) => used.has(name)))
    .map((option) => {
      const span = placeOf(schemaPointer(option.split('.')));
      return inConfig(Mistake.UnusedOption(option), span ?? { from: 0, to: 1 });
    });
  return [...unknown, ...unused];
}

/** In a section over a list, `.` and bare names are the item's; anywhere else options are written with their section. */
function isOfItem(name: string): boolean {
  return name === '.' || !name.includes('.');
}

/** All names, and all that stand for a group of them. */
interface Known {
  readonly values: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
}

/** A section may stand for a whole group, and what is below a value of any form is that value's affair. */
function isKnown(name: string, { values, groups }: Known): boolean {
  return groups.has(name) || withParents(name).some((parent) => values.has(parent));
}

/** `{{#asJson}}name{{/asJson}}` uses an option without a tag of its own. */
function jsonOptions(template: string): string[] {
  return [...template.matchAll(/\{\{#\s*asJson\s*\}\}([^{]*)\{\{/g)].map(([, name = '']) => name.trim());
}

/** The options that hold a value: those without properties of their own. */
function optionPaths(schema: JsonObject): string[] {
  return Object.entries(isObject(schema['properties']) ? schema['properties'] : {}).flatMap(([name, property]) => {
    const below = isObject(property) ? optionPaths(property) : [];
    return below.length > 0 ? below.map((path) => `${name}.${path}`) : [name];
  });
}

function leafPaths(value: JsonObject): string[] {
  return Object.entries(value).flatMap(([name, item]) =>
    isObject(item) ? leafPaths(item).map((path) => `${name}.${path}`) : [name],
  );
}

/** `a.b.c`, `a.b`, `a`. */
function withParents(path: string): string[] {
  const parts = path.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
