/** Rules of the config files of one task. Promises that no two files or variables fall together. */
import { Mistake } from '../catalogue.ts';
import type { ConfigDefinition } from '../definition.ts';
import { configVariableOf } from '../names.ts';
import { pointerTo } from '../pointer.ts';
import { type Objection, repeats } from './objection.ts';

export function configObjections(configs: Readonly<Record<string, ConfigDefinition>>, task: string): Objection[] {
  const all = Object.entries(configs).map(([name, { dest }]) => ({
    name,
    dest,
    pointer: task + pointerTo('configs', name),
  }));
  return [
    ...repeats(
      all,
      ({ dest }) => dest,
      ({ dest, pointer }, first) => ({
        finding: Mistake.DuplicateDestination(dest, first.name),
        pointer: `${pointer}/dest`,
      }),
    ),
    ...repeats(
      all,
      ({ name }) => configVariableOf(name),
      ({ name, pointer }, first) => ({
        finding: Mistake.AmbiguousConfig(first.name, name, configVariableOf(name)),
        pointer,
        ofKey: true,
      }),
    ),
  ];
}
