import { expect, onTestFinished, test } from 'vitest';
import { deployment } from '../../../runtime/cli/deployed.ts';
import type { TaskRecord } from '../../../runtime/core/state.ts';
import { FRAMEWORK, helloWorld, serve, stateOf, taskRecord } from '../api/hello-world.ts';

/** What is said of a service in this state, after a moment. */
async function verdict(
  records: TaskRecord[],
  errors: string[] = [],
  endOf: (task: string) => string | undefined = () => undefined,
) {
  const { scheduler, close } = await serve(stateOf(helloWorld(records, { errors }), FRAMEWORK));
  onTestFinished(close);
  return deployment(scheduler, 'hello-world', 1, endOf);
}

test('what is not deployed in time is told step by step, with how its tasks ended', async () => {
  const ends = new Map([['world-0-server', 'world-0-server ended with TASK_FAILED\n  stderr: no such device']]);
  const records = [taskRecord('hello', 0, 'TASK_RUNNING'), taskRecord('world', 0, 'TASK_STAGING')];
  expect(await verdict(records, [], (task) => ends.get(task))).toEqual({
    ok: false,
    reason:
      'not deployed after 0.001 s:\n  world-0:[server] STARTING\n    world-0-server ended with TASK_FAILED\n' +
      '      stderr: no such device\n  world-1:[server] PENDING',
  });
});

test('a refused definition is told at once, in plain words', async () => {
  const refusal = "Field: 'PodSpec[name:hello]'; Transition: '2' => '1'; Message: 'too few: it's so'; Fatal: false";
  expect(await verdict([], [refusal, 'something else'])).toEqual({
    ok: false,
    reason: "the definition is refused:\n- PodSpec[name:hello], 2 -> 1: too few: it's so\n- something else",
  });
});
