/**
 * Plans as the field's debugging tools read them (http-api 9.2, 9.3): what is so, without what is only shown. Promises the field's
 * words for a filter that names nothing; totals and topology are never filtered.
 */
import { COMPLETED } from '../../core/plan/deploy.ts';
import { isRunning, type Phase, type Plan, type Step } from '../../core/plan/plan.ts';
import { plansOf } from '../../core/plan/plans.ts';
import type { Service } from '../../core/state.ts';
import { taskName } from '../../core/tasks/name.ts';
import type { Ask, View } from '../route.ts';

type Level = 'plan' | 'phase' | 'step';
type Filter = Readonly<Partial<Record<Level, string>>>;

/** All plans, what the scheduler is busy with, and how far each plan is; or what is wrong with the filter. */
export function debugPlansBody({ service, state, now }: View, ask: Ask) {
  const plans = plansOf(service, state.session, now);
  const filter = filterOf(ask);
  const invalid = objectionTo(plans, filter);
  if (invalid) return { 'invalid-input': invalid };
  const busy = plans.filter((plan) => isRunning(plan.status)).map((plan) => plan.name);
  return {
    schedulerState: schedulerState(service, plans, busy),
    activePlans: busy,
    plans: chosen(plans, filter.plan).map((plan) => ({
      ...headOf(plan),
      phases: chosen(plan.phases, filter.phase).map((phase) => ({
        ...headOf(phase),
        steps: chosen(phase.steps, filter.step).map(({ name, status }) => ({ name, status, errors: [] })),
      })),
      ...totalsOf(plan),
    })),
    serviceTopology: plans.map((plan) =>
      node(
        plan.name,
        'plan',
        plan.phases.map((phase) =>
          node(
            phase.name,
            'phase',
            phase.steps.map((step) => node(step.name, 'step', null)),
          ),
        ),
      ),
    ),
  };
}

/** What Mesos said last of each task of each step. */
export function debugStatusesBody({ service, state, now }: View, ask: Ask) {
  const filter = filterOf(ask);
  return chosen(plansOf(service, state.session, now), filter.plan).map((plan) => ({
    name: plan.name,
    phases: chosen(plan.phases, filter.phase).map((phase) => ({
      name: phase.name,
      steps: chosen(phase.steps, filter.step).map((step) => ({
        name: step.name,
        taskStatus: step.tasks.map((task) => taskStatus(service, step, task)),
      })),
    })),
  }));
}

function filterOf({ query }: Ask): Filter {
  const given = (['plan', 'phase', 'step'] as const).flatMap((level) => {
    const [value] = [query[level]].flat();
    return typeof value === 'string' && value !== '' ? [[level, value]] : [];
  });
  return Object.fromEntries(given);
}

function objectionTo(plans: readonly Plan[], { plan, phase, step }: Filter): string | undefined {
  if (step !== undefined && (phase === undefined || plan === undefined))
    return 'Step specified without parent Phase and Plan values.';
  if (phase !== undefined && plan === undefined) return 'Phase specified without parent Plan.';
  const inPlans = chosen(plans, plan);
  if (inPlans.length === 0) return 'Supplied plan not found in list of all available plans!';
  const phases = chosen(
    inPlans.flatMap((one) => one.phases),
    phase,
  );
  if (phase !== undefined && phases.length === 0)
    return 'Supplied phase not found in set of possible phases with supplied plan!';
  const steps = chosen(
    phases.flatMap((one) => one.steps),
    step,
  );
  if (step !== undefined && steps.length === 0)
    return 'Supplied step not found in set of possible steps with supplied plan and phase!';
  return undefined;
}

/** Those of a name, in whatever case; all without one. */
function chosen<T extends { readonly name: string }>(elements: readonly T[], name: string | undefined): readonly T[] {
  return name === undefined ? elements : elements.filter((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** The last that applies wins, so an update of a deployed service still is DEPLOYED. */
function schedulerState(service: Service, plans: readonly Plan[], busy: readonly string[]): string {
  if (busy.includes('decommission')) return 'DECOMMISSIONING';
  if (busy.includes('recovery')) return 'RECOVERING';
  const deploy = plans.find((plan) => plan.name === 'deploy');
  if (deploy?.status === 'COMPLETE' || service.properties.get(COMPLETED) === 'DEPLOY') return 'DEPLOYED';
  return busy.includes('deploy') ? 'DEPLOYING' : 'RUNNING';
}

function headOf({ name, status, strategy }: Plan | Phase) {
  return { name, status, strategy };
}

function totalsOf({ phases }: Plan) {
  const steps = phases.flatMap((phase) => phase.steps);
  return { totalSteps: steps.length, completedSteps: steps.filter((step) => step.status === 'COMPLETE').length };
}

function node<T>(name: string, type: Level, children: T) {
  return { name, type, children };
}

function taskStatus(service: Service, { podType, podIndex }: Step, task: string) {
  const name = taskName(podType, podIndex, task);
  const status = service.tasks.get(name)?.status;
  return { name, taskStatus: status?.state ?? 'TASK_UNKNOWN', taskId: status?.task_id.value ?? '' };
}
