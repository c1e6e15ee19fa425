/**
 * A service spec as it may be shown: secrets masked. Promises a spec of the same shape; for the store, for tasks and for comparing,
 * the real one is used.
 */
import { longestFirst, MASK, type Secrets, secretTexts, shownText, shownValue } from '../kit/mask.ts';
import type { PodSpec, ServiceSpec, TaskSpec } from './service.ts';

/** The secrets of these specs together, for what one masks may stand in the text of another. `texts`: what is known beside. */
export function secretsOf(specs: Iterable<ServiceSpec>, texts: readonly string[]): Secrets {
  const all = [...specs];
  const names = new Set(all.flatMap(({ maskedEnv = [] }) => maskedEnv));
  const own = all.flatMap(({ pods }) => pods.flatMap(({ tasks }) => tasks.map(({ environment }) => environment)));
  return { names, texts: longestFirst([...texts, ...own.flatMap((variables) => secretTexts(variables, names))]) };
}

export function shownSpec(spec: ServiceSpec, secrets: Secrets): ServiceSpec {
  return { ...spec, pods: spec.pods.map((pod) => shownPod(pod, secrets)) };
}

function shownPod(pod: PodSpec, secrets: Secrets): PodSpec {
  return {
    ...pod,
    uris: pod.uris.map((uri) => shownText(uri, secrets)),
    externalVolumes: pod.externalVolumes.map((volume) => ({
      ...volume,
      options: shownValues(volume.options, secrets),
    })),
    tasks: pod.tasks.map((task) => shownTask(task, secrets)),
  };
}

function shownTask(task: TaskSpec, secrets: Secrets): TaskSpec {
  const { healthCheck, readinessCheck } = task;
  return {
    ...task,
    command: shownText(task.command, secrets),
    environment: shownValues(task.environment, secrets),
    labels: shownValues(task.labels, secrets),
    configs: task.configs.map((config) => ({ ...config, template: shownText(config.template, secrets) })),
    ...(healthCheck ? { healthCheck: { ...healthCheck, command: shownText(healthCheck.command, secrets) } } : {}),
    ...(readinessCheck
      ? { readinessCheck: { ...readinessCheck, command: shownText(readinessCheck.command, secrets) } }
      : {}),
  };
}

function shownValues(values: Readonly<Record<string, string>>, secrets: Secrets): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shownValue(name, value, secrets)]));
}

/**
 * A spec that was shown to us, with the values of `real` where the masked texts are alike: of what is masked nobody can say that it
 * has changed.
 */
export function unmasked(shown: ServiceSpec, real: ServiceSpec, secrets: Secrets): ServiceSpec {
  return filledIn(shown, shownSpec(real, secrets), real) as ServiceSpec;
}

function filledIn(shown: unknown, masked: unknown, real: unknown): unknown {
  if (typeof shown === 'string') return shown.includes(MASK) && shown === masked ? real : shown;
  if (typeof shown !== 'object' || shown === null) return shown;
  const member = (of: unknown, key: string) => (of as Record<string, unknown> | undefined | null)?.[key];
  const filled = Object.entries(shown).map(([key, value]) => [
    key,
    filledIn(value, member(masked, key), member(real, key)),
  ]);
  return Array.isArray(shown) ? filled.map(([, value]) => value) : Object.fromEntries(filled);
}
