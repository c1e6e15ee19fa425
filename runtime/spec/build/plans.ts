/** The plans of a checked definition. Promises to be total: every mistake was found before. */
import type { Definition, PhaseDefinition } from '../definition.ts';
import type { PhaseSpec, PhaseSteps, PlanSpecs } from '../service.ts';

export function buildPlans(service: Definition): PlanSpecs {
  return Object.entries(service.plans).map(([name, { strategy, phases }]) => ({
    name,
    strategy,
    phases: Object.entries(phases).map(([phase, definition]) => phaseOf(phase, definition)),
  }));
}

function phaseOf(name: string, { pod, strategy, steps }: PhaseDefinition): PhaseSpec {
  return {
    name,
    pod,
    strategy: strategy === 'canary' ? 'serial-canary' : strategy,
    ...(steps.length > 0 ? { steps: stepsOf(steps) } : {}),
  };
}

/** A step without tasks is none. */
function stepsOf(entries: PhaseDefinition['steps']): PhaseSteps {
  const lists = entries
    .flatMap((entry) => Object.entries(entry))
    .map(([key, steps]) => [key, steps.filter((tasks) => tasks.length > 0)] as const);
  const { default: otherwise, ...byIndex } = Object.fromEntries(lists);
  return { byIndex, ...(otherwise ? { otherwise } : {}) };
}
