/**
 * What placement rules mean (svc-yml 5.4, 5.5). Promises the same answer for the same instances and the same agent; counts
 * instances, never tasks, so that a pod of two tasks weighs as much as one of one.
 */
import { matches } from '../../spec/placement-pattern.ts';
import type { PlacementRule } from '../../spec/service.ts';
import type { Place } from './placement-values.ts';
import { countsOf, othersAt, type PlacementView, spreadWithout } from './placement-view.ts';

/** One instance that looks for a place, and the place that is looked at. */
export interface Question {
  readonly view: PlacementView;
  readonly podType: string;
  readonly index: number;
  readonly place: Place;
}

/** The first part of the rule that does not hold, which is what people want to know; undefined when all of it does. */
export function unmetPart(rule: PlacementRule, question: Question): PlacementRule | undefined {
  if (rule.kind !== 'all' || rule.rules.length === 0) return holds(rule, question) ? undefined : rule;
  for (const part of rule.rules) {
    const unmet = unmetPart(part, question);
    if (unmet) return unmet;
  }
  return undefined;
}

function holds(rule: PlacementRule, question: Question): boolean {
  const { view, place } = question;
  switch (rule.kind) {
    case 'all':
      // Without parts it never holds: so the reference reads stored rules.
      return rule.rules.length > 0 && rule.rules.every((part) => holds(part, question));
    case 'any':
      return rule.rules.some((part) => holds(part, question));
    case 'not':
      return !holds(rule.rule, question);
    case 'max-per':
    case 'group-by': {
      const values = place(rule.field);
      return values.length > 0 && crowdedValue(rule, values, question) === undefined;
    }
    case 'value': {
      const { match, text } = rule;
      return place(rule.field).some((value) => (match === 'exact' ? isEqual(text, value) : matches(text, value)));
    }
    case 'local-region': {
      const [region] = place({ kind: 'region' });
      return region === undefined || view.localRegion === undefined || region === view.localRegion;
    }
  }
}

/** The value that cannot take one more instance, or whose turn it is not. */
export function crowdedValue(
  rule: PlacementRule & { kind: 'max-per' | 'group-by' },
  values: readonly string[],
  { view, podType, index }: Question,
): string | undefined {
  const counts = countsOf(view, podType, rule.field);
  if (rule.kind === 'max-per') return values.find((value) => othersAt(counts, value, index) >= rule.max);
  const spread = spreadWithout(counts, index);
  const allSeen = rule.values === undefined || spread.values >= rule.values;
  return values.find((value) => othersAt(counts, value, index) > (allSeen ? spread.min : 0));
}

/** Numbers are equal at three decimals, as Mesos compares them: 100, 100.0 and 100.0001. */
function isEqual(a: string, b: string): boolean {
  if (a === b) return true;
  const number = thousandthsIn(a);
  return number !== undefined && number === thousandthsIn(b);
}

function thousandthsIn(text: string): number | undefined {
  const isNumber = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?$/i.test(text);
  return isNumber ? Math.round(Number(text) * 1000) : undefined;
}
