/**
 * From a route and a question to the answer. Promises that a GET shows only what is stored, that a write is answered once it is
 * stored, and that of a service on its way out only what is left of it is shown.
 */
import type { Service, State } from '../core/state.ts';
import { assert } from '../kit/assert.ts';
import type { Scheduler } from '../loop/run.ts';
import { type Answer, text } from './answer.ts';
import { keepAnswers } from './kept.ts';
import type { Ask, Route } from './route.ts';
import { decided, secondsToWait } from './wait.ts';

/** Package managers poll `/v1/plans/deploy` and take a missing `/v1/state` for fine (http-api 11). */
const UNINSTALLING = text(
  404,
  'The service is being uninstalled: only /v1/plans, /v1/plan, /v1/health and /v1/metrics are served',
);

/** `question` is the same for the same thing asked; what `gone` gives aborts when nobody waits for the answer any more. */
export type Answering = (route: Route, ask: Ask, question: string, gone: () => AbortSignal) => Promise<Answer>;

/** Answers for one service of the scheduler. */
export function createAnswering(scheduler: Scheduler, serviceName: string): Answering {
  const kept = keepAnswers(scheduler);

  async function look(route: Extract<Route, { method: 'GET' }>, ask: Ask): Promise<Answer> {
    return scheduler.read((state, now) => {
      const service = serviceIn(state, serviceName);
      return isGone(service, route) ? UNINSTALLING : route.read({ state, now, service }, ask);
    });
  }

  async function carryOut(route: Exclude<Route, { method: 'GET' }>, ask: Ask): Promise<Answer> {
    const made = await scheduler.read((state, now) => {
      const service = serviceIn(state, serviceName);
      return isGone(service, route) ? UNINSTALLING : route.order({ state, now, service }, ask);
    });
    if ('command' in made) return made.answer(await scheduler.command(made.command));
    if (!('reload' in made)) return made;
    await scheduler.reload();
    return made.reload;
  }

  return async (route, ask, question, gone) => {
    if (route.method !== 'GET') return carryOut(route, ask);
    const answer = () => kept(question, () => look(route, ask));
    const seconds = route.waits ? secondsToWait(ask.query) : 0;
    if (typeof seconds !== 'number') return seconds;
    if (seconds === 0) return answer();
    return decided(scheduler, answer, AbortSignal.any([gone(), AbortSignal.timeout(seconds * 1000)]));
  };
}

function isGone(service: Service, route: Route): boolean {
  return service.uninstall !== undefined && !route.duringUninstall;
}

/** The service that the API is for. */
export function serviceIn(state: State, name: string): Service {
  const service = state.services.get(name);
  assert(service, `service ${name} is served by the API but unknown`);
  return service;
}
