/**
 * Options as what `marathon.json.mustache` is rendered against (packaging section 1.6, step 5). Promises Cosmos' rules of printing
 * and of sections; never a name of the prototype.
 */
import { Mistake } from '../spec/catalogue.ts';
import type { Scope } from '../spec/template.ts';
import { isObject, type JsonObject } from './json.ts';

/** Values print as JSON, text without its quotes; a missing one prints nothing; 0 is true, what is empty is false. */
export function optionsScope(options: JsonObject): Scope {
  return scopeOf([options], options);
}

/** `contexts`: what names are looked up in, the innermost first. */
function scopeOf(contexts: readonly unknown[], options: JsonObject): Scope {
  const find = (name: string) => lookUp(contexts, name);
  return {
    print(name) {
      const value = find(name);
      if (value === undefined || value === null) return '';
      if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
      if (!printable(value))
        return Mistake.NotAnApp(`{{${name}}} is a group of options, not a value`, 'name one of them');
      return typeof value === 'number' ? decimal(value) : JSON.stringify(value);
    },
    truthy(name) {
      const value = find(name);
      if (Array.isArray(value)) return value.length > 0;
      return value !== undefined && value !== null && value !== false && value !== '';
    },
    within(name) {
      const value = find(name);
      return [value].flat().map((item) => scopeOf([item, ...contexts], options));
    },
    apply(name, body) {
      if (name !== 'asJson') return undefined;
      const value = Object.hasOwn(options, body.trim()) ? options[body.trim()] : undefined;
      return typeof value === 'string' ? value : 'null';
    },
  };
}

/** `.` is the innermost context; a name is looked for in it first, then around it. */
function lookUp(contexts: readonly unknown[], name: string): unknown {
  if (name === '.') return contexts[0];
  for (const context of contexts) {
    const value = isObject(context) ? lookUpIn(context, name) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `service.name`: a key of that name, else key by key. */
function lookUpIn(context: JsonObject, name: string): unknown {
  if (Object.hasOwn(context, name)) return context[name];
  let value: unknown = context;
  for (const key of name.split('.')) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function printable(value: unknown): boolean {
  return Array.isArray(value) ? value.every(printable) : typeof value !== 'object';
}

/** Without an exponent, which the numbers of an app must not have. */
function decimal(value: number): string {
  const text = String(value);
  return /e/.test(text) ? value.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 }) : text;
}
