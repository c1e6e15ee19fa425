/**
 * Why a pod instance is not running as it should: each step of it that waits, with what every agent lacked. Promises to repeat what
 * the core found, in words and as data.
 */
import type { DatedReason, NeedCount } from '../../core/offer/explanation.ts';
import { exclusion } from '../../core/offer/placement-words.ts';
import { candidateSteps, type Phase, type Plan, type Step, stepId } from '../../core/plan/plan.ts';
import { plansOf } from '../../core/plan/plans.ts';
import { type Service, targetOf } from '../../core/state.ts';
import { taskName } from '../../core/tasks/name.ts';
import { isDown, labelOf } from '../../core/tasks/record.ts';
import type { Goal } from '../../spec/service.ts';
import type { View } from '../route.ts';
import { pausedPods, shownStatus } from './paused.ts';
import { whyWaiting } from './waiting.ts';

export interface WhyBody {
  readonly pod: string;
  /** Empty: nothing is to be done for it. */
  readonly steps: readonly WhyStep[];
}

export interface WhyStep {
  readonly plan: string;
  readonly step: string;
  readonly status: string;
  /** One sentence. */
  readonly why: string;
  /** When its turn had come and agents were asked last, in milliseconds since the epoch; absent: none was. */
  readonly askedAt?: number;
  /** What was missing, most agents first: `needs 4 cpus, the most is 2.5 on agent-3`. */
  readonly missing: readonly string[];
  readonly agents: readonly AgentRefusal[];
}

export interface AgentRefusal {
  readonly agent: string;
  /** In milliseconds since the epoch. */
  readonly askedAt: number;
  readonly reasons: readonly { readonly need: string; readonly wanted: string; readonly had: string }[];
  readonly text: string;
}

/** Undefined when no plan and no record knows the pod instance. */
export function whyBody(view: View, pod: string): WhyBody | undefined {
  const { service, state, now } = view;
  const plans = plansOf(service, state.session, now);
  const all = plans.flatMap((plan) =>
    plan.phases.flatMap((phase) => phase.steps.map((step): Standing => ({ plan, phase, step }))),
  );
  const mine = all.filter(({ step }) => step.pod === pod);
  if (mine.length === 0) return undefined;
  return {
    pod,
    steps: mine
      .filter(({ plan, step }) => step.status !== 'COMPLETE' && !isIdle(plan))
      .map((standing) => whyStep(view, standing)),
  };
}

/** Where a step stands. */
interface Standing {
  readonly plan: Plan;
  readonly phase: Phase;
  readonly step: Step;
}

/** A plan on demand that nobody started, or that was stopped, waits for nothing. */
function isIdle({ name, interrupted, phases }: Plan): boolean {
  if (!interrupted || name === 'deploy' || name === 'recovery' || name === 'decommission') return false;
  return phases.every(({ steps }) => steps.every(({ status }) => status === 'PENDING' || status === 'WAITING'));
}

function whyStep(view: View, standing: Standing): WhyStep {
  const { plan, step } = standing;
  const { service, state } = view;
  const known = state.session.explanations.get(stepId(service.name, plan.name, step.name));
  return {
    plan: plan.name,
    step: step.name,
    status: shownStatus(step, pausedPods(service)),
    why: inWords(view, standing),
    ...(known && known.at > 0 ? { askedAt: known.at } : {}),
    missing: (known?.needs ?? []).map(missingText),
    agents: byAgent(known?.reasons ?? []),
  };
}

function inWords({ service, state, now }: View, standing: Standing): string {
  const { plan, step } = standing;
  const { pod } = step;
  if (shownStatus(step, pausedPods(service)).startsWith('PAUS'))
    return `paused by an operator: mainstay pod resume ${pod}`;
  const isOpen = step.status === 'PENDING' || step.status === 'PREPARED';
  if (isOpen && state.session.subscription === 0)
    return 'the scheduler is not connected to Mesos, and nothing starts before it is';
  const waiting = whyWaiting(plan.name, step, service, state.session, now)?.text ?? notItsTurn(standing);
  return [waiting, ...step.tasks.map((task) => lastEnd(service, step, task))].filter((text) => text !== '').join('; ');
}

/** How a task that is down ended. */
function lastEnd(service: Service, step: Step, task: string): string {
  const record = service.tasks.get(taskName(step.podType, step.podIndex, task));
  if (!record?.status || !isDown(record)) return '';
  const { state, message } = record.status;
  // A task that was to end has.
  if (state === 'TASK_FINISHED' && goalOf(service, step, task) !== 'RUNNING') return '';
  const host = labelOf(record.info, 'offer_hostname');
  return `${task} ended with ${state}${message ? ` (${message})` : ''}${host ? ` on ${host}: its stderr there says more` : ''}`;
}

function goalOf(service: Service, { podType }: Step, task: string): Goal | undefined {
  const pod = targetOf(service).pods.find(({ type }) => type === podType);
  return pod?.tasks.find(({ name }) => name === task)?.goal;
}

/** A step that no offer was tried for. */
function notItsTurn({ plan, phase, step }: Standing): string {
  switch (step.status) {
    case 'WAITING':
      // A gate of canaries is one of its phase; resuming the plan does not open it.
      return `waits for an operator: mainstay plan resume ${plan.name}${plan.interrupted ? '' : ` ${phase.name}`}`;
    case 'STARTING':
      return 'launched, and not running yet';
    case 'STARTED':
      return 'running, and not where it should be yet';
    case 'ERROR':
      return 'the step is in error: mainstay plan show tells more';
    default:
  }
  if (plan.interrupted) return `the plan is held: mainstay plan resume ${plan.name}`;
  const working = candidateSteps(plan);
  if (working.includes(step)) return 'its turn has come; it waits for offers';
  const first = working[0];
  return first ? `waits for its turn after ${first.name}` : 'waits for its turn';
}

function byAgent(reasons: readonly DatedReason[]): AgentRefusal[] {
  const grouped = new Map<string, DatedReason[]>();
  for (const reason of reasons) {
    const known = grouped.get(reason.agent);
    if (known) known.push(reason);
    else grouped.set(reason.agent, [reason]);
  }
  return [...grouped].map(([agent, mine]) => ({
    agent,
    askedAt: mine[0]?.at ?? 0,
    reasons: mine.map(({ need, wanted, had }) => ({ need, wanted, had })),
    text: mine.map(reasonWords).join('; '),
  }));
}

/** Needs that are amounts: their name follows the number. */
const AMOUNTS = new Set(['cpus', 'gpus', 'mem', 'disk']);

function reasonWords(reason: DatedReason): string {
  const { need, wanted, had } = reason;
  if (AMOUNTS.has(need)) return `needs ${wanted} ${need}, ${had} free`;
  return exclusion(reason) ?? `needs ${need} ${wanted}, had ${had}`;
}

function missingText({ need, wanted, agents, nearest }: NeedCount): string {
  const where = agents === 1 ? nearest.agent : `${agents} agents`;
  if (AMOUNTS.has(need))
    return `needs ${wanted} ${need}, the most free is ${nearest.had} on ${nearest.agent} (${where})`;
  const excluded = exclusion({ agent: nearest.agent, need, wanted, had: nearest.had });
  if (excluded) return agents === 1 ? excluded : `${excluded} (and ${agents - 1} more)`;
  return `needs ${need} ${wanted} (${where})`;
}
