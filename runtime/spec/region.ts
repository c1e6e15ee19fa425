/**
 * Which region the pods of a service may go to (svc-yml 5.6). Promises that a pod whose placement names a region keeps it, and that
 * every other one has a rule in front; never looks at what regions there are.
 */
import { Mistake } from './catalogue.ts';
import type { Definition } from './definition.ts';
import { mentions } from './placement-text.ts';
import type { Finding } from './problem.ts';
import type { PlacementRule } from './service.ts';

/** `rule` stands in front of the placement of pods that name no region. */
export type Region =
  | { readonly ok: true; readonly region?: string; readonly rule: PlacementRule }
  | { readonly ok: false; readonly finding: Finding };

/** SERVICE_REGION wins over the file. With ALLOW_REGION_AWARENESS=false all pods stay in the region of the masters. */
export function regionOf(service: Pick<Definition, 'region'>, env: Readonly<Record<string, string>>): Region {
  const aware = truth(own(env, 'ALLOW_REGION_AWARENESS') ?? 'true');
  if (aware === undefined) {
    const is = own(env, 'ALLOW_REGION_AWARENESS') ?? '';
    return { ok: false, finding: Mistake.BadSetting('ALLOW_REGION_AWARENESS', 'true or false', is) };
  }
  const region = own(env, 'SERVICE_REGION') || service.region;
  if (!region) return { ok: true, rule: { kind: 'local-region' } };
  const there: PlacementRule = { kind: 'value', field: { kind: 'region' }, match: 'exact', text: region };
  return { ok: true, region, rule: aware ? there : { kind: 'local-region' } };
}

/** The placement of a pod with its region. */
export function inRegion(placement: PlacementRule | undefined, region: PlacementRule): PlacementRule {
  if (!placement) return region;
  return mentions(placement, 'region') ? placement : { kind: 'all', rules: [region, placement] };
}

/** As upstream reads its switches: blank is no, else the first letter decides; undefined when it is neither yes nor no. */
function truth(text: string): boolean | undefined {
  if (/^\s*$/.test(text) || /^[fn]/i.test(text)) return false;
  return /^[ty]/i.test(text) ? true : undefined;
}

function own(env: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(env, name) ? env[name] : undefined;
}
