/**
 * The Marathon app of a package, rendered as Cosmos does (packaging section 1.6, steps 4-6), and its environment, which is the
 * scheduler's. Promises a JSON object whose labels and environment Marathon can read; never talks to it.
 */
import { Mistake } from '../spec/catalogue.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { type Rendered, render } from '../spec/template.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';
import { merged } from './options.ts';
import { optionsScope } from './scope.ts';

export interface MarathonApp extends JsonObject {
  readonly labels: Readonly<Record<string, string>>;
  /** Text, or an object for what Marathon takes from its secrets. */
  readonly env: Readonly<Record<string, string | JsonObject>>;
}

export type AppResult = { ok: true; app: MarathonApp } | { ok: false; problems: Problem[] };

/** `resource`: the content of resource.json. */
export function renderApp(template: SourceFile, options: JsonObject, resource: JsonObject): AppResult {
  const locate = locatorOf(template);
  const rendered = render(template.text, optionsScope(merged(options, { resource })));
  if (rendered.mistakes.length > 0)
    return { ok: false, problems: rendered.mistakes.map(({ finding, span }) => locate(finding, span)) };

  const parsed = parseJson(rendered.text);
  if (!parsed.ok) {
    const { from, to } = rendered.origin({ from: parsed.offset, to: parsed.offset + 1 });
    const finding = Mistake.NotAnApp(parsed.reason, 'check commas and quotes around here, and what the tags become');
    return { ok: false, problems: [locate(finding, { from, to }, lineAt(rendered, parsed.offset))] };
  }
  const objection = objectionTo(parsed.value);
  if (objection === undefined) return { ok: true, app: withParts(parsed.value as JsonObject) };
  const [reason, remedy, name] = objection;
  const from = name === undefined ? 0 : Math.max(0, template.text.indexOf(`"${name}"`));
  const finding = Mistake.NotAnApp(reason, remedy);
  return { ok: false, problems: [locate(finding, { from, to: from + (name?.length ?? -1) + 2 })] };
}

/** The environment of the app. Values that Marathon takes from secrets are not known here and left out. */
export function environmentOfApp({ env }: MarathonApp): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** What is wrong, how to mend it, and the key that is to blame. */
type Objection = readonly [reason: string, remedy: string, name?: string];

function objectionTo(app: unknown): Objection | undefined {
  if (!isObject(app)) return ['it is not a JSON object', 'begin with { and end with }'];
  const { labels = {}, env = {} } = app;
  if (!isObject(labels)) return ['its labels are not an object', 'write { "name": "value" }', 'labels'];
  if (!isObject(env)) return ['its env is not an object', 'write { "NAME": "value" }', 'env'];
  for (const [name, value] of Object.entries(labels)) {
    if (typeof value !== 'string') return [`its label ${name} is not text`, 'put the value in double quotes', name];
  }
  for (const [name, value] of Object.entries(env)) {
    if (typeof value !== 'string' && !isObject(value))
      return [`its env ${name} is not text`, 'put the value in double quotes', name];
  }
  return undefined;
}

function withParts(app: JsonObject): MarathonApp {
  return { ...app, labels: app['labels'] ?? {}, env: app['env'] ?? {} } as MarathonApp;
}

function lineAt({ text }: Rendered, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? text.length : end).trim();
}
