/** Rules that a pod and a task have in common: their variables, their shared memory. Promises the same words for both. */
import { Mistake } from '../catalogue.ts';
import { BUILT_IN_VARIABLES } from '../names.ts';
import { pointerTo } from '../pointer.ts';
import type { Objection } from './objection.ts';

/** Mesos gives a /dev/shm of its own only to what has an IPC namespace of its own. */
export function sizeWithoutMode(pointer: string): Objection {
  return { finding: Mistake.SizeWithoutMode(), pointer: `${pointer}/shm-size`, ofKey: true, warning: true };
}

/** What the scheduler sets comes last, so that setting it here has no effect. */
export function variableObjections(env: Readonly<Record<string, string>>, pointer: string): Objection[] {
  return BUILT_IN_VARIABLES.filter((name) => Object.hasOwn(env, name)).map((name) => ({
    finding: Mistake.IgnoredVariable(name),
    pointer: pointer + pointerTo('env', name),
    ofKey: true,
    warning: true,
  }));
}
