/**
 * The scheduler's TASKCFG_ variables as variables of tasks (svc-yml 4.7). Promises that one for a pod type wins over one for all,
 * whatever their names; upstream lets the order of the alphabet decide.
 */
import { variablePart } from './names.ts';

const PREFIX = 'TASKCFG_';

type Variables = Readonly<Record<string, string>>;

/** What the tasks of a pod type get: `TASKCFG_ALL_<NAME>`, and over it `TASKCFG_<POD TYPE>_<NAME>`. */
export function routedVariables(env: Variables): (podType: string) => Variables {
  const routed = Object.entries(env).filter(([name]) => name.startsWith(PREFIX));
  const withPrefix = (prefix: string) =>
    routed
      .filter(([name]) => name.startsWith(prefix) && name !== prefix)
      .map(([name, value]) => [name.slice(prefix.length), value]);
  const all = withPrefix(`${PREFIX}ALL_`);
  return (podType) => Object.fromEntries([...all, ...withPrefix(`${PREFIX}${variablePart(podType)}_`)]);
}
