/** What placement refusals say to people. Promises words only: what does not hold was found before. */
import { placementText } from '../../spec/placement-text.ts';
import type { PlacementField, PlacementRule } from '../../spec/service.ts';
import { podInstanceName } from '../tasks/name.ts';
import type { Reason } from './match.ts';
import { crowdedValue, type Question } from './placement-rules.ts';
import { countsOf } from './placement-view.ts';

const NEED = 'placement ';

/** Why the agent is not for this instance, from the part of the pod's rule that does not hold. */
export function reasonOf(part: PlacementRule, question: Question, agent: string): Reason {
  return { agent, need: NEED + placementText(part), wanted: wanted(part, question), had: had(part, question) };
}

/** `hostname:UNIQUE excludes agent-1, which runs data-0`; undefined for a reason that is not about placement. */
export function exclusion({ agent, need, had }: Reason): string | undefined {
  if (!need.startsWith(NEED)) return undefined;
  const rule = need.slice(NEED.length);
  return `${rule} excludes ${agent}, which ${/^hostname:(UNIQUE|MAX_PER|GROUP_BY)/.test(rule) ? 'runs' : 'has'} ${had}`;
}

function wanted(rule: PlacementRule, { view, podType }: Question): string {
  switch (rule.kind) {
    case 'max-per':
      return `at most ${rule.max} of ${podType} ${rule.field.kind === 'hostname' ? 'on a host' : `per ${noun(rule.field)}`}`;
    case 'group-by':
      return `a ${rule.field.kind === 'hostname' ? 'host' : noun(rule.field)} with fewer of ${podType}`;
    case 'value':
      return `${noun(rule.field)} ${rule.match === 'exact' ? '' : 'like '}${rule.text}`;
    case 'local-region':
      return `region ${view.localRegion}`;
    case 'not':
      return rule.rule.kind === 'value'
        ? `no ${noun(rule.rule.field)} ${rule.rule.match === 'exact' ? '' : 'like '}${rule.rule.text}`
        : placementText(rule);
    default:
      return placementText(rule);
  }
}

function had(rule: PlacementRule, question: Question): string {
  switch (rule.kind) {
    case 'max-per':
    case 'group-by':
      return crowd(rule, question);
    case 'value':
      return valuesText(rule.field, question);
    case 'local-region':
      return valuesText({ kind: 'region' }, question);
    case 'not':
      return had(rule.rule, question);
    default:
      return 'none of that';
  }
}

/** The instances that are already there. */
function crowd(rule: PlacementRule & { kind: 'max-per' | 'group-by' }, question: Question): string {
  const { view, podType, index, place } = question;
  const { field } = rule;
  const value = crowdedValue(rule, place(field), question);
  if (value === undefined) return valuesText(field, question);
  const instances = countsOf(view, podType, field).byValue.get(value) ?? new Set();
  const names = namesOf(
    podType,
    [...instances].filter((other) => other !== index),
  );
  return field.kind === 'hostname' ? names : `${noun(field)} ${value} with ${names}`;
}

/** Ten thousand agents may each have such a list. */
const MOST_NAMED = 5;

function namesOf(podType: string, instances: readonly number[]): string {
  const named = instances.slice(0, MOST_NAMED).sort((a, b) => a - b);
  const names = named.map((index) => podInstanceName(podType, index)).join(', ');
  return instances.length > MOST_NAMED ? `${names} and ${instances.length - MOST_NAMED} more` : names;
}

function valuesText(field: PlacementField, { place }: Question): string {
  const values = place(field);
  return values.length === 0 ? `no ${noun(field)}` : `${noun(field)} ${values.join(', ')}`;
}

/** `hostname`, `zone`, `region`, or the attribute's name. */
function noun(field: PlacementField): string {
  return field.kind === 'attribute' ? field.name : field.kind;
}
