/**
 * The API of the first scheduler of this kind, whose scripts are still about (http-api 12): blocks are steps, tasks have addresses of
 * their own. Promises the modern answers in the older words; decides nothing and keeps no model of its own.
 */
import type { Step } from '../../core/plan/plan.ts';
import type { TaskRecord } from '../../core/state.ts';
import { autoIpName, podInstanceName } from '../../core/tasks/name.ts';
import { podOf } from '../../core/tasks/record.ts';
import { normalRanges, rangesText } from '../../kit/ranges.ts';
import { type Answer, bean, compact, notFound, text } from '../answer.ts';
import { dnsNameOf } from '../bodies/endpoints.ts';
import { messageJson } from '../bodies/message.ts';
import { planBody, planCalled, planCode, type StepBody } from '../bodies/plans.ts';
import { taskBody } from '../bodies/pods.ts';
import { secretsIn, shownInfo } from '../bodies/secrets.ts';
import type { Ask, Order, Route, View } from '../route.ts';
import { ended } from './pods.ts';

export const olderRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/plan',
    duringUninstall: true,
    waits: true,
    read: (view) => planWithBlocks(view, 'deploy'),
  },
  { method: 'GET', path: '/v1/plan/status', duringUninstall: true, read: planStatus },
  { method: 'GET', path: '/v1/recovery', read: (view) => planWithBlocks(view, 'recovery') },
  { method: 'GET', path: '/v1/state/tasks', read: ({ service }) => compact([...service.tasks.values()].map(taskBody)) },
  onTask('/v1/state/tasks/info/:name', ({ info }, { state, service }) =>
    bean(messageJson(shownInfo(info, secretsIn(state, service)))),
  ),
  onTask('/v1/state/tasks/status/:name', ({ status }) => status && bean(messageJson(status))),
  onTask('/v1/tasks/connection/:name', connection),
  { method: 'POST', path: '/v1/tasks/restart/:name', order: restart },
];

/** Both forms in one: what a plan shows now, and in each phase the blocks beside the steps. */
function planWithBlocks(view: View, name: string): Answer {
  const plan = planCalled(view, name);
  if (!plan) return notFound(`Plan ${name}`);
  const { phases, ...rest } = planBody(plan, view);
  const withBlocks = phases.map((phase, at) => ({
    ...phase,
    blocks: phase.steps.map((body, index) => block(body, plan.phases[at]?.steps[index])),
  }));
  return bean({ phases: withBlocks, ...rest }, planCode(plan));
}

function block({ id, name }: StepBody, step: Step | undefined) {
  const pod = step?.pod || name;
  return {
    id,
    status: blockStatus(step),
    name: pod,
    message: `Block: ${pod}`,
    has_decision_point: step?.interrupted ?? false,
  };
}

function blockStatus(step: Step | undefined): 'PENDING' | 'IN_PROGRESS' | 'COMPLETE' {
  switch (step?.status) {
    case 'COMPLETE':
      return 'COMPLETE';
    case 'PREPARED':
    case 'STARTING':
    case 'STARTED':
      return 'IN_PROGRESS';
    default:
      return 'PENDING';
  }
}

/** Always 200: its readers look for COMPLETE in the body. */
function planStatus(view: View): Answer {
  const plan = planCalled(view, 'deploy');
  if (!plan) return notFound('Plan deploy');
  const phases = plan.phases.map(({ name, status }) => ({ name, status }));
  return compact({ plan: { status: plan.status, errors: plan.errors, phases } });
}

function onTask(path: string, answer: (record: TaskRecord, view: View) => Answer | undefined): Route {
  return {
    method: 'GET',
    path,
    read: (view, { name }) => {
      const record = view.service.tasks.get(name);
      return (record && answer(record, view)) ?? notFound(`Task ${name}`);
    },
  };
}

function connection(record: TaskRecord, { service }: View): Answer {
  const ranges = (record.info.resources ?? []).flatMap((resource) =>
    resource.name === 'ports' ? (resource.ranges?.range ?? []) : [],
  );
  const ports = ranges.length === 0 ? '' : rangesText(normalRanges(ranges)).replaceAll(', ', ',');
  return compact({ dns: autoIpName(dnsNameOf(record), service.name, 'mesos'), ports });
}

/** All tasks of the pod instance are ended with it: that is what is restarted and replaced now. */
function restart({ service }: View, { name, query }: Ask): Order | Answer {
  const replace = [query['replace'] ?? 'false'].flat()[0];
  if (replace !== 'true' && replace !== 'false') return text(400, `replace is "${replace}"; expected true or false`);
  const record = service.tasks.get(name);
  const pod = record && podOf(record.info);
  if (!pod) return notFound(`Task ${name}`);
  const kind = replace === 'true' ? 'pod-replace' : 'pod-restart';
  return { command: { kind, service: service.name, pod: podInstanceName(pod.type, pod.index) }, answer: ended };
}
