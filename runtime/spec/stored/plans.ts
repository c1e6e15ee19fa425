/**
 * The plans of a definition as JSON of our own, for a node of our own: upstream stores none. Promises that what is written reads
 * back equal.
 */
import type { PhaseSpec, PhaseSteps, PlanSpec, PlanSpecs } from '../service.ts';

interface StoredPlan extends Omit<PlanSpec, 'phases'> {
  phases: StoredPhase[];
}

/** `steps` by the keys of the file: indexes and `default`. */
interface StoredPhase extends Omit<PhaseSpec, 'steps'> {
  steps?: Record<string, readonly (readonly string[])[]>;
}

/** The plans in their order. */
export function plansToJson(plans: PlanSpecs): unknown {
  return plans.map(
    (plan): StoredPlan => ({
      ...plan,
      phases: plan.phases.map(({ steps, ...phase }) => ({ ...phase, ...(steps ? { steps: storedSteps(steps) } : {}) })),
    }),
  );
}

function storedSteps({ byIndex, otherwise }: PhaseSteps): StoredPhase['steps'] {
  return { ...byIndex, ...(otherwise ? { default: otherwise } : {}) };
}

/** Throws when the JSON is no list of plans. */
export function plansFromJson(json: unknown): PlanSpecs {
  if (!Array.isArray(json)) throw new Error('these are not stored plans');
  return (json as StoredPlan[]).map(({ name, strategy, phases }) => ({
    name,
    strategy,
    phases: phases.map(({ name, pod, strategy, steps }) => ({
      name,
      pod,
      strategy,
      ...(steps ? { steps: stepsFrom(steps) } : {}),
    })),
  }));
}

function stepsFrom({ default: otherwise, ...byIndex }: NonNullable<StoredPhase['steps']>): PhaseSteps {
  return { byIndex, ...(otherwise ? { otherwise } : {}) };
}
