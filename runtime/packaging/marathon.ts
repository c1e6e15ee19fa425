/**
 * The Marathon app of a package, rendered as Cosmos does (packaging section 1.6, steps 4-6). Promises the app's environment, which
 * is the scheduler's; never adds labels or talks to Marathon.
 */
import { Mistake } from '../spec/catalogue.ts';
import { locatorOf, type Problem } from '../spec/problem.ts';
import type { SourceFile } from '../spec/source.ts';
import { type Rendered, render, type Scope } from '../spec/template.ts';
import { isObject, type JsonObject, parseJson } from './json.ts';

export type AppResult = { ok: true; env: Readonly<Record<string, string>> } | { ok: false; problems: Problem[] };

/** The environment of the app. Values that Marathon takes from secrets are not known here and left out. */
export function appEnvironment(template: SourceFile, options: JsonObject, resource: JsonObject): AppResult {
  const locate = locatorOf(template);
  const rendered = render(template.text, optionsScope({ ...options, resource }));
  if (rendered.mistakes.length > 0)
    return { ok: false, problems: rendered.mistakes.map(({ finding, span }) => locate(finding, span)) };

  const refused = (reason: string, offset = 0): AppResult => {
    const { from, to } = rendered.origin({ from: offset, to: offset + 1 });
    return { ok: false, problems: [locate(Mistake.NotAnApp(reason), { from, to }, lineAt(rendered, offset))] };
  };
  const parsed = parseJson(rendered.text);
  if (!parsed.ok) return refused(parsed.reason, parsed.offset);
  const app = parsed.value;
  if (!isObject(app)) return refused('it is not a JSON object');
  const env = app['env'] ?? {};
  if (!isObject(env)) return refused('its env is not an object');
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(env)) {
    if (typeof value === 'string') entries.push([name, value]);
    else if (!isObject(value)) return refused(`its env ${name} is not text`);
  }
  return { ok: true, env: Object.fromEntries(entries) };
}

function lineAt({ text }: Rendered, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? text.length : end).trim();
}

/** Values print as JSON, text without its quotes; a missing one prints nothing; only 0 and what is not empty is true. */
function optionsScope(options: JsonObject): Scope {
  return {
    print(name) {
      const value = lookUp(options, name);
      if (value === undefined || value === null) return '';
      if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
      if (!printable(value)) return Mistake.NotAnApp(`{{${name}}} is a group of options, not a value`);
      return JSON.stringify(value);
    },
    truthy(name) {
      const value = lookUp(options, name);
      if (Array.isArray(value)) return value.length > 0;
      return value !== undefined && value !== null && value !== false && value !== '';
    },
    apply(name, body) {
      if (name !== 'asJson') return undefined;
      const value = lookUp(options, body.trim());
      return typeof value === 'string' ? value : 'null';
    },
  };
}

/** `service.name`: a key of that name, else key by key. */
function lookUp(options: JsonObject, name: string): unknown {
  if (Object.hasOwn(options, name)) return options[name];
  let value: unknown = options;
  for (const key of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function printable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(printable) : typeof value !== 'object';
}
