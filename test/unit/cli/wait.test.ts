import { expect, test } from 'vitest';
import { type Answer, answering } from './answering.ts';
import { typed } from './typed.ts';

const MESSAGE = { body: { message: 'Received cmd: done' } };

function plan(status: string, step = status): Answer {
  const phases = [{ id: 'p', name: 'data', steps: [{ id: 's', name: 'data-0:[node]', status: step }] }];
  return { body: { phases, errors: status === 'ERROR' ? ['no such user'] : [], strategy: 'serial', status } };
}

const canary: Answer = {
  body: {
    phases: [{ id: 'p', name: 'data', status: 'WAITING', steps: [] }],
    errors: [],
    strategy: 'serial',
    status: 'WAITING',
  },
};

/** Runs a command line against a scheduler whose plan is shown as each of these in turn, the last one for ever. */
async function against(line: string, ...looks: Answer[]) {
  let at = 0;
  const { url, asked } = await answering(({ method }) =>
    method === 'GET' ? (looks[Math.min(at++, looks.length - 1)] ?? {}) : MESSAGE,
  );
  return { ...(await typed([...line.split(' '), '--url', url])), asked };
}

test.each([
  ['plan start backup --wait', 0, ''],
  ['plan resume deploy --wait', 0, ''],
  ['update status --wait', 0, ''],
])('%s ends with 0 once the plan is COMPLETE', async (line, code, err) => {
  const done = await against(line, plan('PENDING'), plan('STARTING'), plan('COMPLETE'));
  expect(done).toMatchObject({ code, err });
  expect(done.asked.filter(({ path }) => path.endsWith('?wait=1')).length).toBeGreaterThan(1);
});

test.each([
  ['ERROR', plan('ERROR'), 1, 'The deploy plan is in ERROR:\nno such user'],
  ['held', plan('WAITING'), 4, 'The deploy plan waits for an operator: mainstay plan resume deploy'],
  ['a canary', canary, 4, 'The deploy plan waits for an operator: mainstay plan resume deploy data'],
  ['late', plan('STARTING'), 3, 'Not within 1 s. The deploy plan is STARTING:\n- data-0:[node] STARTING'],
  ['restarting', { status: 503, body: 'not yet' }, 3, 'Not within 1 s. HTTP GET '],
  ['gone', { status: 404, body: 'Plan deploy not found' }, 1, 'Plan deploy not found'],
])('a plan that is %s ends the waiting with its own exit code', async (_, look, code, err) => {
  const done = await against('plan resume deploy --wait --timeout 1', look);
  expect(done).toMatchObject({ code, out: '"deploy" plan has been resumed.\n' });
  expect(done.err).toContain(`mainstay: error: ${err}`);
});

test('a scheduler that is away for a moment is waited for', async () => {
  const { code, err, asked } = await against(
    'plan show deploy --wait',
    { status: 502 },
    { status: 502 },
    plan('COMPLETE'),
  );
  expect([code, err]).toEqual([0, expect.stringMatching(/^HTTP GET .* failed: 502 Bad Gateway; trying again\n$/)]);
  expect(asked).toHaveLength(4);
});

/** A pod of two tasks, of which `setup` has done its work, as a scheduler shows it at each look. */
async function podAgainst(line: string, ...looks: { id: string; status: string; open?: string }[]) {
  let at = 0;
  const look = (index: number) => looks[Math.min(index, looks.length - 1)]!;
  const { url } = await answering(({ method, path }) => {
    if (method === 'POST') return { body: { pod: 'data-0', tasks: ['data-0-node', 'data-0-setup'] } };
    if (path.endsWith('/info')) return { body: [] };
    if (path.endsWith('/why')) {
      const { open } = look(at - 1);
      return {
        body: { pod: 'data-0', steps: open ? [{ step: 'data-0:[node]', status: open, why: 'not ready' }] : [] },
      };
    }
    const { id, status } = look(at++);
    const setup = { id: 'setup-1', name: 'data-0-setup', status: line.includes('pause') ? status : 'FINISHED' };
    return { body: { name: 'data-0', tasks: [{ id, name: 'data-0-node', status }, setup] } };
  });
  return { ...(await typed([...line.split(' '), '--url', url])), looks: at };
}

test.each(['pod restart data-0 --wait', 'pod replace data-0 --yes --wait'])(
  '%s ends once its tasks are others and no plan has anything to do for it',
  async (line) => {
    const before = { id: 'node-1', status: 'RUNNING' };
    const looks = [
      before,
      before,
      { id: 'node-2', status: 'STAGING', open: 'STARTING' },
      { id: 'node-2', status: 'RUNNING' },
    ];
    expect(await podAgainst(line, ...looks)).toMatchObject({ code: 0, looks: 4 });
  },
);

test('a pod that came back and is not ready is not there yet', async () => {
  const looks = [
    { id: 'node-1', status: 'RUNNING' },
    { id: 'node-2', status: 'RUNNING', open: 'STARTED' },
  ];
  const { code, err } = await podAgainst('pod restart data-0 --wait --timeout 1', ...looks);
  expect([code, err]).toEqual([3, expect.stringContaining('data-0:[node] is STARTED: not ready')]);
});

test('pod pause waits until all named tasks are paused, pod resume until they are back', async () => {
  const running = { id: 'node-1', status: 'RUNNING' };
  const paused = { id: 'node-2', status: 'PAUSED', open: 'STARTED' };
  expect((await podAgainst('pod pause data-0 --wait', running, { ...running, status: 'PAUSING' }, paused)).code).toBe(
    0,
  );
  expect(
    (
      await podAgainst(
        'pod resume data-0 --wait',
        paused,
        { ...paused, status: 'STARTING' },
        { id: 'node-3', status: 'RUNNING' },
      )
    ).code,
  ).toBe(0);
  expect((await podAgainst('pod resume data-0 --wait', running)).code).toBe(0);
});

test('the exit codes stand in the help', async () => {
  const { out } = await typed(['plan', 'start', '--help']);
  expect(out).toMatch(/Exit codes with --wait: 0 .*3 not within --timeout; 4 the plan waits/s);
});
