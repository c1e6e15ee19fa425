/**
 * Chooses the configuration that the service shall run: the new one if it may follow the old, else the old one with the reasons.
 * Promises that tasks which the change does not touch keep running, and that a configuration in use is never removed.
 */
import type { EndpointTexts, PlanSpecs, PodSpec, ServiceSpec } from '../../spec/service.ts';
import { type Draft, dropIntent, note, putInfo, putProgress, write } from '../draft.ts';
import { emptyService, type Service } from '../state.ts';
import { podInstanceName } from '../tasks/name.ts';
import { configOf, definitionOf, podOf, withLabel } from '../tasks/record.ts';
import { refusals, refusalText } from './validate.ts';

/** What this start brought: a checked service, or why there is none. */
export type Candidate =
  | { ok: true; spec: ServiceSpec; plans?: PlanSpecs; endpoints?: EndpointTexts }
  | { ok: false; errors: readonly string[] };

export type Selection =
  | { ok: true; service: Service }
  /** There is nothing to run: no stored target, or a change that must not be survived. */
  | { ok: false; errors: readonly string[] };

/** Runs once at start, before the first frame; its writes are committed before anything else happens. */
export function selectTarget(draft: Draft, stored: Service | undefined, candidate: Candidate): Selection {
  if (!stored) return candidate.ok ? firstTarget(draft, candidate) : candidate;
  if (!candidate.ok) {
    stored.errors = candidate.errors;
    return { ok: true, service: stored };
  }
  const old = stored.configs.get(stored.targetId);
  if (!old) return { ok: false, errors: [`the stored target configuration ${stored.targetId} cannot be read`] };
  const refused = refusals(old, candidate.spec, instancesOf(stored), draft.state.settings);
  if (refused.some((refusal) => refusal.fatal)) return { ok: false, errors: refused.map(refusalText) };
  if (refused.length > 0) {
    stored.errors = refused.map(refusalText);
    for (const error of stored.errors) note(draft, 'configuration refused', { error }, 'error');
  } else {
    stored.errors = [];
    if (!same(old, candidate.spec)) retarget(draft, stored, candidate.spec);
    replan(draft, stored, candidate.plans ?? []);
    publish(draft, stored, candidate.endpoints ?? {});
  }
  relabel(draft, stored);
  forgetUnused(draft, stored);
  return { ok: true, service: stored };
}

function firstTarget(draft: Draft, { spec, plans = [], endpoints = {} }: Extract<Candidate, { ok: true }>): Selection {
  const refused = refusals(undefined, spec, new Set(), draft.state.settings);
  if (refused.length > 0) return { ok: false, errors: refused.map(refusalText) };
  const service = emptyService(spec.name);
  retarget(draft, service, spec);
  replan(draft, service, plans);
  publish(draft, service, endpoints);
  return { ok: true, service };
}

/** The plans of an accepted file are in force from now on; what was said about plans holds for them by name. */
function replan(draft: Draft, service: Service, plans: PlanSpecs): void {
  if (same(service.plans, plans)) return;
  service.plans = plans;
  write(draft, { kind: 'plans', service: service.name, plans });
}

/** The texts of an accepted file are what clients read from now on. */
function publish(draft: Draft, service: Service, endpoints: EndpointTexts): void {
  if (same(service.endpoints, endpoints)) return;
  service.endpoints = endpoints;
  write(draft, { kind: 'endpoints', service: service.name, endpoints });
}

function retarget(draft: Draft, service: Service, spec: ServiceSpec): void {
  const id = draft.newId();
  note(draft, 'new target configuration', { config: id, before: service.targetId || undefined });
  service.targetId = id;
  service.configs.set(id, spec);
  write(draft, { kind: 'config', service: service.name, id, spec });
  write(draft, { kind: 'target', service: service.name, id });
  for (const plan of [...service.intents.keys()]) dropIntent(draft, service, plan);
}

/** The pod instances that there are. */
function instancesOf(service: Service): ReadonlySet<string> {
  const pods = [...service.tasks.values()].map((record) => podOf(record.info)).filter((pod) => pod !== undefined);
  return new Set(pods.map((pod) => podInstanceName(pod.type, pod.index)));
}

/** Tasks whose definition did not change belong to the new target from now on, and what they reached counts. */
function relabel(draft: Draft, service: Service): void {
  for (const [name, record] of service.tasks) {
    const config = configOf(record);
    if (config === service.targetId) continue;
    const definition = definitionOf(service, record);
    const target = service.configs.get(service.targetId)?.pods.find((pod) => pod.type === definition?.pod.type);
    if (!definition || !target || isRolled(definition.pod, target)) continue;
    putInfo(draft, service, name, withLabel(record.info, 'target_configuration', service.targetId));
    if (record.progress.reached === config) putProgress(draft, service, record, { reached: service.targetId });
  }
}

/** Whether the running tasks of a pod type are ended and launched anew by this change. */
export function isRolled(old: PodSpec | undefined, next: PodSpec): boolean {
  return old !== undefined && !same(runs(old), runs(next));
}

/** The part of a pod that its running tasks are made of: a change in the rest restarts nothing. */
function runs(pod: PodSpec): unknown {
  const { count: _c, placement: _p, allowDecommission: _a, tasks, ...rest } = pod;
  return { ...rest, tasks: tasks.map(({ essential: _e, ...task }) => task) };
}

function forgetUnused(draft: Draft, service: Service): void {
  const used = new Set([service.targetId, ...[...service.tasks.values()].map(configOf)]);
  for (const id of service.configs.keys()) {
    if (used.has(id)) continue;
    service.configs.delete(id);
    write(draft, { kind: 'config-gone', service: service.name, id });
  }
}

/** Deep equality of plain data, whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = new Set([...Object.keys(x), ...Object.keys(y)]);
  return Array.isArray(a) === Array.isArray(b) && [...keys].every((key) => same(x[key], y[key]));
}
