/** What the API does not show of a service. Promises to know every secret of every configuration that is kept. */
import type { Service, State } from '../../core/state.ts';
import { type Secrets, shownValue } from '../../kit/mask.ts';
import type { TaskInfo } from '../../kit/mesos.ts';
import { secretsOf } from '../../spec/shown.ts';

export function secretsIn({ settings }: Pick<State, 'settings'>, { configs }: Service): Secrets {
  return secretsOf(configs.values(), settings.secretTexts);
}

/** A task as it was launched, with its secrets masked: variables, commands, addresses and labels, wherever they stand. */
export function shownInfo(info: TaskInfo, secrets: Secrets): unknown {
  return shownPart(info, secrets);
}

function shownPart(part: unknown, secrets: Secrets): unknown {
  if (Array.isArray(part)) return part.map((item) => shownPart(item, secrets));
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => {
    if (TEXTS.has(key) && typeof value === 'object') return [key, shownTexts(value, secrets)];
    return [key, shownPart(value, secrets)];
  });
  return Object.fromEntries(entries);
}

/** Where free text stands; everywhere else are names, ids and amounts. */
const TEXTS = new Set(['variables', 'labels', 'uris', 'command', 'parameters', 'driver_options']);

/** Pairs such as `{name, value}` or `{key, value}`, and texts at `value`. */
function shownTexts(part: unknown, secrets: Secrets): unknown {
  if (Array.isArray(part)) return part.map((item) => shownTexts(item, secrets));
  if (typeof part !== 'object' || part === null) return part;
  const pair = part as { name?: unknown; key?: unknown; value?: unknown };
  const name = String(pair.name ?? pair.key ?? '');
  const entries = Object.entries(part).map(([key, value]) => {
    if (key === 'value' && typeof value === 'string') return [key, shownValue(name, value, secrets)];
    return [key, shownTexts(value, secrets)];
  });
  return Object.fromEntries(entries);
}
