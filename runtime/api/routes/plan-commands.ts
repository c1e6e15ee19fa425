/**
 * What operators ask of a plan: start, stop, continue, interrupt, restart, force-complete (http-api 2.6). The last four exist also
 * at `/v1/plan`, the deploy plan's old address, from whose days a step may be called a block.
 */
import type { Reply } from '../../core/command.ts';
import { type Answer, compact, empty, notFound, text } from '../answer.ts';
import { mediaTypeOf, textsByName } from '../payload.ts';
import type { Ask, MakeOrder, Order, Route, View } from '../route.ts';

const JSON_TYPE = 'application/json';

export const planCommandRoutes: readonly Route[] = [
  post('/v1/plans/:name/start', startPlan),
  post('/v1/plans/:name/stop', ({ service }, { name }) => ({
    command: { kind: 'plan-stop', service: service.name, plan: name },
    answer: (reply) => answerTo(reply, 'stop'),
  })),
  ...steering('/v1/plans/:name', ({ name }) => name),
  ...steering('/v1/plan', () => 'deploy'),
];

function post(path: string, order: MakeOrder): Route {
  return { method: 'POST', path, order, duringUninstall: true };
}

function steering(path: string, planOf: (ask: Ask) => string): Route[] {
  return [
    post(`${path}/continue`, onPhases('continue', 'plan-continue', planOf)),
    post(`${path}/interrupt`, onPhases('interrupt', 'plan-interrupt', planOf)),
    post(`${path}/forceComplete`, onElement('forceComplete', 'plan-force-complete', planOf)),
    post(`${path}/restart`, onElement('restart', 'plan-restart', planOf)),
  ];
}

function startPlan({ service }: View, ask: Ask): Order | Answer {
  const { name, body } = ask;
  const type = mediaTypeOf(ask);
  if (body.length > 0 && type !== undefined && type !== JSON_TYPE) {
    return text(415, `The parameters of a plan are ${JSON_TYPE}, not ${type}`);
  }
  const payload = textsByName(ask);
  if (!payload.ok) return text(400, `Couldn't parse parameters: ${payload.reason}`);
  const parameters = payload.value;
  const said = Object.entries(parameters).map(([key, value]) => `${key}=${value}`);
  return {
    command: { kind: 'plan-start', service: service.name, plan: name, parameters },
    answer: (reply) => answerTo(reply, `start ${name} with parameters: {${said.join(', ')}}`),
  };
}

/** A whole plan, or all its phases of a name. */
function onPhases(verb: string, kind: 'plan-continue' | 'plan-interrupt', planOf: (ask: Ask) => string): MakeOrder {
  return ({ service }, ask) => {
    const phase = given(ask, 'phase');
    return {
      command: { kind, service: service.name, plan: planOf(ask), ...(phase === undefined ? {} : { phase }) },
      answer: (reply) => answerTo(reply, verb),
    };
  };
}

/** A whole plan, a phase, or a step of a phase. */
function onElement(
  verb: string,
  kind: 'plan-force-complete' | 'plan-restart',
  planOf: (ask: Ask) => string,
): MakeOrder {
  return ({ service }, ask) => {
    const [plan, phase, step] = [planOf(ask), given(ask, 'phase'), given(ask, 'step') ?? given(ask, 'block')];
    const element = { ...(phase === undefined ? {} : { phase }), ...(step === undefined ? {} : { step }) };
    const said = `Plan: ${plan}, Phase: ${phase ?? null}, Step: ${step ?? null}`;
    return {
      command: { kind, service: service.name, plan, ...element },
      answer: (reply) => answerTo(reply, `${verb} for ${said}`),
    };
  };
}

/** A blank parameter is none. Given twice, the first counts: ignoring both would mean the whole plan. */
function given({ query }: Ask, name: string): string | undefined {
  const [value] = [query[name]].flat();
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function answerTo(reply: Reply, command: string): Answer {
  switch (reply.kind) {
    case 'done':
      return compact({ message: `Received cmd: ${command}` });
    case 'already':
      return text(208, 'Command has already been reported or completed');
    case 'not-found':
      return notFound(reply.what);
    case 'bad-request':
      return text(400, reply.message);
    case 'pod':
      return empty(500);
  }
}
