/** An environment as what a template is rendered against (svc.yml section 1.2). Promises own names only; never a default. */
import { Mistake } from './catalogue.ts';
import { suggester } from './nearest.ts';
import type { Scope } from './template.ts';

/** `true` and `false` in any case are booleans, printed in lower case; a section is rendered for what is neither false nor empty. */
export function environmentScope(env: Readonly<Record<string, string>>): Scope {
  const names = Object.keys(env);
  const suggest = suggester();
  const value = (name: string) => (Object.hasOwn(env, name) ? env[name] : undefined);
  return {
    print(name) {
      const text = value(name);
      if (text === undefined) return Mistake.MissingVariable(name, suggest(name, names));
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
    },
    truthy(name) {
      const text = value(name) ?? '';
      return text !== '' && text.toLowerCase() !== 'false';
    },
  };
}
