/** Mistakes of plans. Promises one row a mistake. */
import { meant, row } from './row.ts';

export const planMistakes = {
  NoDeployPlan: row(
    'SVC016',
    (_near?: string) => 'there are plans, but none is called deploy',
    (near) => (near ? `rename ${near} to deploy` : 'add deploy: the plan that brings the service up'),
  ),
  BuiltInPlan: row(
    'SVC016',
    (name: string) => `the scheduler has a plan ${name} of its own`,
    () => 'choose another name',
  ),
  UnknownPod: row(
    'SVC016',
    (name: string, _near: string | undefined, _known: string) => `there is no pod ${name}`,
    (_name, near, known) => meant(near) ?? `the pods are: ${known}`,
  ),
  UnknownTask: row(
    'SVC016',
    (name: string, pod: string, _near: string | undefined, _known: string) => `pod ${pod} has no task ${name}`,
    (_name, _pod, near, known) => meant(near) ?? `its tasks are: ${known}`,
  ),
  NotOneKey: row(
    'SVC016',
    (path: string, keys: string) => `${path} has ${keys} keys, needs exactly one`,
    () => 'write a list item for each: - 0: [[task]] or - default: [[task]]',
  ),
  RepeatedSteps: row(
    'SVC016',
    (key: string, phase: string) => `phase ${phase} has steps for ${key} twice`,
    (key) => `put all of them into one: - ${key}: [[first], [second]]`,
  ),
  MissingSteps: row(
    'SVC016',
    (index: string, phase: string) => `phase ${phase} has no steps for instance ${index}, and no default`,
    (index) => `add - ${index}: [[task]], or - default: [[task]] for all others`,
  ),
  SharedSetInStep: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `tasks ${first} and ${second} take turns on resource set ${set}, and cannot be in one step`,
    (first, second) => `give each a step of its own: [[${first}], [${second}]]`,
  ),
  SharedSetInPhase: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `without steps all tasks are launched together, but ${first} and ${second} take turns on resource set ${set}`,
    (first, second) => `add steps: - default: [[${first}], [${second}]]`,
  ),
  SharedSetWithoutPlan: row(
    'SVC016',
    (first: string, second: string, set: string) =>
      `without plans all tasks are launched together, but ${first} and ${second} take turns on resource set ${set}`,
    (first, second) => `write a plan deploy, with steps such as [[${first}], [${second}]]`,
  ),
  SharedName: row(
    'SVC016',
    (first: string, second: string, prefix: string) =>
      `tasks ${first} and ${second} have the discovery prefix ${prefix}, and cannot be launched together`,
    (first, second) => `give each a step of its own: [[${first}], [${second}]]`,
  ),
};
