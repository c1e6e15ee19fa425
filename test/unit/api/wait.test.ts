/** Answers that are waited for, and answers that are kept. */
import { afterEach, describe, expect, test } from 'vitest';
import { type Answer, text } from '../../../runtime/api/answer.ts';
import { keepAnswers } from '../../../runtime/api/kept.ts';
import { decided } from '../../../runtime/api/wait.ts';
import { FRAMEWORK, helloWorld, type Served, serve, stateOf, taskRecord } from './hello-world.ts';

let served: Served | undefined;
afterEach(() => served?.close());

const all = () => [
  taskRecord('hello', 0, 'TASK_RUNNING'),
  taskRecord('world', 0, 'TASK_RUNNING'),
  taskRecord('world', 1, 'TASK_RUNNING'),
];

/** Something that changes when it is told to. */
function changing() {
  const watchers = new Set<() => void>();
  const watch = (changed: () => void) => {
    watchers.add(changed);
    return () => void watchers.delete(changed);
  };
  return { watch, watchers, change: () => [...watchers].map((changed) => changed()) };
}

describe('a plan that is waited for', () => {
  test.each(['/v1/plans/deploy?wait=300', '/v1/plan?wait=300'])('%s is answered once it is complete', async (path) => {
    const { get, post, scheduler } = await (async () => {
      served = await serve(stateOf(helloWorld([]), FRAMEWORK));
      return served;
    })();
    let answered = false;
    const waiting = get(path).finally(() => (answered = true));
    await post('/v1/plans/deploy/forceComplete?phase=hello');
    await scheduler.read(() => undefined);
    expect(answered).toBe(false);
    await post('/v1/plans/deploy/forceComplete');
    expect(await waiting).toMatchObject({ status: 200, body: expect.stringContaining('"status" : "COMPLETE"') });
  });

  test('and does not come is answered as it is then', async () => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    expect((await served.get('/v1/plans/deploy?wait=0.05')).status).toBe(202);
  });

  test.each<[string, object, string, number]>([
    ['is complete', { tasks: new Map(all().map((record) => [record.info.name, record])) }, 'deploy', 200],
    ['is in error', { errors: ['no'] }, 'deploy', 417],
    ['is not there', {}, 'nope', 404],
  ])('and %s is answered at once', async (_, change, plan, status) => {
    served = await serve(stateOf(helloWorld([], change), FRAMEWORK));
    expect((await served.get(`/v1/plans/${plan}?wait=300`)).status).toBe(status);
  });

  test.each(['', 'soon', '-1', '301', 'NaN', 'Infinity', '1e9'])('is not waited for with wait=%s', async (wait) => {
    served = await serve(stateOf(helloWorld([]), FRAMEWORK));
    const body = `wait is "${wait}"; expected seconds, at most 300`;
    expect(await served.get(`/v1/plans/deploy?wait=${wait}`)).toMatchObject({ status: 400, body });
  });
});

describe('who waits', () => {
  const later = text(202, 'later');
  const done = text(200, 'done');

  test('asks again after each change, and watches no longer than needed', async () => {
    const { watch, watchers, change } = changing();
    let asked = 0;
    const ask = async () => (++asked < 4 ? later : done);
    const waiting = decided({ watch }, ask, new AbortController().signal);
    while (asked < 4) {
      change();
      await Promise.resolve();
    }
    expect([await waiting, asked, watchers.size]).toEqual([done, 4, 0]);
  });

  test('misses no change that comes while the question is asked', async () => {
    const { watch, change } = changing();
    const answers = [later, done];
    const ask = async () => {
      const answer = answers.shift() as Answer;
      change();
      return answer;
    };
    expect(await decided({ watch }, ask, new AbortController().signal)).toBe(done);
  });

  test('and goes away leaves nothing behind', async () => {
    const { watch, watchers } = changing();
    const gone = new AbortController();
    const waiting = decided({ watch }, async () => later, gone.signal);
    gone.abort();
    expect([await waiting, watchers.size]).toEqual([later, 0]);
  });
});

describe('an answer', () => {
  /** The texts of the answers that are kept. */
  function keeping(scheduler = changing()) {
    const kept = keepAnswers(scheduler);
    return async (question: string, make: () => Promise<Answer>) => String((await kept(question, make)).body);
  }

  test('is made once until something changes', async () => {
    const { watch, watchers, change } = changing();
    const kept = keeping({ watch, watchers, change });
    let made = 0;
    const make = async () => text(200, `${++made}`);
    expect([await kept('/a', make), await kept('/a', make), await kept('/b', make)]).toEqual(['1', '1', '2']);
    change();
    expect(await kept('/a', make)).toBe('3');
  });

  test('that failed is asked for anew', async () => {
    const kept = keeping();
    await expect(kept('/a', () => Promise.reject(new Error('the inside')))).rejects.toThrow('the inside');
    expect(await kept('/a', async () => text(200, 'well'))).toBe('well');
  });

  test('is not kept when too many are', async () => {
    const kept = keeping();
    let made = 0;
    const make = async () => text(200, `${++made}`);
    for (let at = 0; at < 150; at++) await kept(`/${at}`, make);
    await kept('/149', make);
    expect(made).toBe(151);
    await kept('/0', make);
    expect(made).toBe(151);
  });
});
