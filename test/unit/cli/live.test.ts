import { stripVTControlCharacters } from 'node:util';
import { beforeEach, expect, test, vi } from 'vitest';
import { advance, type History, NO_HISTORY } from '../../../runtime/cli/live/history.ts';
import { changeLine, noteLine } from '../../../runtime/cli/live/lines.ts';
import { lookAt, type PlanLook, type StepLook } from '../../../runtime/cli/live/look.ts';
import { durationText, picture } from '../../../runtime/cli/live/picture.ts';
import { createLiveView, type Output } from '../../../runtime/cli/live.ts';
import { explained } from '../../../runtime/core/offer/explanation.ts';
import { planOf } from '../../../runtime/core/plan/intent.ts';
import type { StepStatus } from '../../../runtime/core/plan/plan.ts';
import { FRAMEWORK, helloWorld, stateOf, taskRecord } from '../api/hello-world.ts';

const WIDE = { columns: 120, rows: 50, colors: false };

function step(name: string, status: StepLook['status'], more: Partial<StepLook> = {}): StepLook {
  return { name: `${name}:[node]`, status, ...more };
}

/** A serial plan of serial phases; statuses follow from the steps as in the core. */
function plan(name: string, phases: Record<string, StepLook[]>, errors: string[] = []): PlanLook {
  const drafts = Object.entries(phases).map(([phase, steps]) => ({
    name: phase,
    strategy: 'serial' as const,
    steps: steps.map((s, podIndex) => ({
      name: s.name,
      status: s.status as StepStatus,
      pod: `${phase}-${podIndex}`,
      podType: phase,
      podIndex,
      interrupted: false,
      tasks: [],
      taskNames: [],
    })),
  }));
  const { status, phases: core } = planOf({ name, strategy: 'serial', phases: drafts, errors }, new Map(), '');
  return {
    name,
    strategy: 'serial',
    status,
    errors,
    phases: core.map((phase) => ({ ...phase, steps: phases[phase.name] ?? [] })),
  };
}

/** The history after looks at these moments (milliseconds). */
function seen(...looks: [number, PlanLook[]][]): History {
  return looks.reduce((history, [now, plans]) => advance(history, plans, now).history, NO_HISTORY);
}

const noCpus = { text: 'no place yet: agent-1: cpus: wanted 4, had 2.5; and 2 more', need: 'cpus' };

function midway(): History {
  const rest = [step('data-1', 'PENDING'), step('data-2', 'PENDING')];
  return seen(
    [
      0,
      [
        plan('deploy', {
          'meta-data': [step('meta-data-0', 'STARTING', { host: 'agent-1' })],
          data: [step('data-0', 'PENDING'), ...rest],
        }),
      ],
    ],
    [
      1_200,
      [
        plan('deploy', {
          'meta-data': [step('meta-data-0', 'COMPLETE', { host: 'agent-1' })],
          data: [step('data-0', 'STARTED', { host: 'agent-2' }), ...rest],
        }),
      ],
    ],
    [
      2_000,
      [
        plan('deploy', {
          'meta-data': [step('meta-data-0', 'COMPLETE', { host: 'agent-1' })],
          data: [
            step('data-0', 'STARTED', { host: 'agent-2' }),
            step('data-1', 'PREPARED', { why: noCpus }),
            step('data-2', 'PENDING'),
          ],
        }),
        plan('recovery', {}),
      ],
    ],
  );
}

test('the picture shows how far every step is, where it runs, for how long, and why it waits', () => {
  expect(picture(midway(), 14_000, WIDE)).toEqual([
    'deploy (serial strategy) (IN_PROGRESS)',
    '├─ meta-data (serial strategy) (COMPLETE)',
    '│  └─ meta-data-0:[node] (COMPLETE)  agent-1  1.2s',
    '└─ data (serial strategy) (STARTED)',
    '   ├─ data-0:[node] (STARTED)        agent-2  12s',
    '   ├─ data-1:[node] (PREPARED)       12s  no place yet: agent-1: cpus: wanted 4, had 2.5; and 2 more',
    '   └─ data-2:[node] (PENDING)',
  ]);
});

test('on a narrow terminal lines end early, and never in the last column', () => {
  expect(picture(midway(), 14_000, { ...WIDE, columns: 30 })).toEqual([
    'deploy (serial strategy) (IN…',
    '├─ meta-data (serial strateg…',
    '│  └─ meta-data-0:[node] (CO…',
    '└─ data (serial strategy) (S…',
    '   ├─ data-0:[node] (STARTED…',
    '   ├─ data-1:[node] (PREPARE…',
    '   └─ data-2:[node] (PENDING)',
  ]);
  for (const columns of [1, 2, 10, 40, 80]) {
    for (const line of picture(midway(), 0, { columns, rows: 50, colors: true })) {
      expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(Math.max(columns - 1, 1));
    }
  }
});

test('on a low terminal what is done and what is not begun is folded, then the rest is counted', () => {
  const many = (type: string, count: number, status: StepLook['status']) =>
    Array.from({ length: count }, (_, index) => step(`${type}-${index}`, status));
  const history = seen([
    0,
    [plan('deploy', { a: many('a', 20, 'COMPLETE'), b: [...many('b', 1, 'STARTING'), ...many('c', 9, 'PENDING')] })],
  ]);
  const frame = { ...WIDE, rows: 6 };
  expect(picture(history, 0, frame)).toEqual([
    'deploy (serial strategy) (IN_PROGRESS)',
    '├─ a (serial strategy) (COMPLETE)',
    '│  └─ … 20 (COMPLETE)',
    '└─ b (serial strategy) (STARTING)',
    '   ├─ b-0:[node] (STARTING)  0.0s',
    '   └─ … 9 (PENDING)',
  ]);
  expect(picture(history, 0, { ...frame, rows: 3 }).slice(1)).toEqual([
    '├─ a (serial strategy) (COMPLETE)',
    '… 4 more lines',
  ]);
});

test('errors stand below their plan, whole', () => {
  const errors = ["Field: 'user'; Message: 'set scheduler.user back'", 'svc.yml:12\n  the fix'];
  const lines = picture(seen([0, [plan('deploy', { a: [step('a-0', 'COMPLETE')] }, errors)]]), 0, {
    ...WIDE,
    columns: 40,
  });
  expect(lines.slice(3)).toEqual([
    '',
    'Errors:',
    "- Field: 'user'; Message: 'set schedule",
    "  r.user back'",
    '- svc.yml:12',
    '    the fix',
  ]);
});

test('colours tell the statuses apart, and only they', () => {
  const [root] = picture(midway(), 0, { ...WIDE, colors: true });
  expect(root).toBe('\x1b[2m\x1b[22mdeploy (serial strategy) (\x1b[36mIN_PROGRESS\x1b[39m)');
});

test('a step that was complete at the first look took no time of ours', () => {
  const history = seen([0, [plan('deploy', { a: [step('a-0', 'COMPLETE', { host: 'agent-1' })] })]]);
  expect(picture(history, 9_000, WIDE)[2]).toBe('   └─ a-0:[node] (COMPLETE)  agent-1');
});

test('between two offers a step still waits for what it lacked, and that is no news', () => {
  const nothingOffered = { text: 'waits for offers' };
  const looks = (why: StepLook['why']) => [plan('deploy', { a: [step('a-0', 'PREPARED', { why })] })];
  const before = seen([0, looks(noCpus)]);
  const { history, changes } = advance(before, looks(nothingOffered), 1);
  expect([...history.steps.values()][0]?.why).toEqual(noCpus);
  expect(changes).toEqual([]);
  const other = { text: 'no place yet: agent-2: mem: wanted 9, had 1', need: 'mem' };
  expect(advance(history, looks(other), 2).changes).toHaveLength(1);
});

test('a delayed step counts down to its next try, whatever it lacked before', () => {
  const why = { text: 'next try in 60 s', until: 61_000 };
  const history = seen(
    [0, [plan('deploy', { a: [step('a-0', 'PREPARED', { why: noCpus })] })]],
    [1_000, [plan('deploy', { a: [step('a-0', 'DELAYED', { why })] })]],
  );
  expect(picture(history, 31_500, WIDE)[2]).toBe('   └─ a-0:[node] (DELAYED)  31s  next try in 30 s');
  const offered = [plan('deploy', { a: [step('a-0', 'PREPARED', { why: { text: 'waits for offers' } })] })];
  expect(picture(advance(history, offered, 61_000).history, 61_000, WIDE)[2]).toContain('waits for offers');
});

test('the time of a step that was held begins when it is let go', () => {
  const held = [plan('deploy', { a: [step('a-0', 'WAITING')] })];
  const history = seen([0, held]);
  expect(picture(history, 90_000, WIDE)[2]).toBe('   └─ a-0:[node] (WAITING)');
  const going = advance(history, [plan('deploy', { a: [step('a-0', 'STARTING')] })], 90_000).history;
  expect(picture(going, 92_000, WIDE)[2]).toBe('   └─ a-0:[node] (STARTING)  2.0s');
});

test('each event is one line', () => {
  const looks: PlanLook[][] = [
    [plan('deploy', { a: [step('a-0', 'PENDING')] }), plan('recovery', {})],
    [plan('deploy', { a: [step('a-0', 'PREPARED', { why: noCpus })] })],
    [plan('deploy', { a: [step('a-0', 'STARTING', { host: 'agent-1' })] })],
    [plan('deploy', { a: [step('a-0', 'COMPLETE', { host: 'agent-1' })] })],
    [plan('deploy', { a: [step('a-0', 'COMPLETE', { host: 'agent-1' })] }, ['refused'])],
  ];
  let history = NO_HISTORY;
  const lines = looks.flatMap((plans, now) => {
    const next = advance(history, plans, now);
    history = next.history;
    return next.changes.map(changeLine);
  });
  expect(lines).toEqual([
    'deploy PENDING',
    `deploy a-0:[node] PREPARED (${noCpus.text})`,
    'deploy IN_PROGRESS',
    'deploy a-0:[node] STARTING agent-1',
    'deploy STARTING',
    'deploy a-0:[node] COMPLETE agent-1',
    'deploy COMPLETE',
    'deploy ERROR\n- refused',
  ]);
});

test.each([
  ['info', 'subscribed', { frameworkId: 'f-1', subscription: 1 }, 'subscribed frameworkId=f-1 subscription=1'],
  [
    'warn',
    'task status',
    { task: 'a-0', says: 'exited with 1\n', reason: undefined },
    'warn: task status task=a-0 says="exited with 1\\n"',
  ],
] as const)('a note of level %s is one line', (level, message, keys, line) =>
  expect(noteLine({ level, message, keys })).toBe(line),
);

test.each([
  [0, '0.0s'],
  [450, '0.4s'],
  [9_999, '9.9s'],
  [10_000, '10s'],
  [125_000, '2m05s'],
  [3_720_000, '1h02m'],
])('%i ms is %s', (ms, text) => expect(durationText(ms)).toBe(text));

test('a look at the state of a scheduler tells where pods run and why others do not', () => {
  const state = stateOf(helloWorld([taskRecord('hello', 0, 'TASK_RUNNING')]), FRAMEWORK);
  const reasons = [
    { agent: 'agent-1', need: 'mem', wanted: '32', had: '16' },
    { agent: 'agent-2', need: 'mem', wanted: '32', had: '8' },
  ];
  state.session.explanations.set('hello-world/deploy/world-0:[server]', explained(reasons, 0));
  const [deploy] = lookAt(state, 0, 'hello-world');
  expect(deploy?.phases.map((phase) => phase.steps[0])).toEqual([
    { name: 'hello-0:[server]', status: 'COMPLETE', host: '10.0.0.7' },
    {
      name: 'world-0:[server]',
      status: 'PREPARED',
      why: { text: 'no place yet: mem: wanted 32, 2 agents cannot, the most is 16 on agent-1', need: 'mem' },
    },
  ]);
});

test('a look tells what is delayed and what is paused', () => {
  const paused = {
    ...taskRecord('hello', 0, 'TASK_RUNNING'),
    override: { goal: 'PAUSED', status: 'COMPLETE' } as const,
  };
  const failed = { ...taskRecord('world', 0, 'TASK_FAILED'), progress: { backoff: { failures: 1, until: 5_000 } } };
  const [deploy] = lookAt(stateOf(helloWorld([paused, failed]), FRAMEWORK), 1_000, 'hello-world');
  expect(deploy?.phases.map((phase) => phase.steps[0])).toEqual([
    { name: 'hello-0:[server]', status: 'PAUSED', host: '10.0.0.7' },
    { name: 'world-0:[server]', status: 'DELAYED', why: { text: 'next try in 4 s', until: 5_000 } },
  ]);
});

const ESC = '\x1b';
const TOKENS = new RegExp(`${ESC}\\[\\??\\d*[A-Za-z]|\\r|\\n|[^${ESC}\\r\\n]+`, 'g');
const UP = new RegExp(`^${ESC}\\[(\\d+)A$`);

/** A terminal of 60 x 10 that keeps what it shows, as far as our codes go. */
function terminal(): Output & { shown(): string[]; written: string[] } {
  let lines: string[] = [''];
  let at = 0;
  const written: string[] = [];
  return {
    isTTY: true,
    columns: 60,
    rows: 10,
    written,
    shown: () => lines.map((line) => line.trimEnd()),
    write(text) {
      written.push(text);
      for (const [token] of text.matchAll(TOKENS)) {
        const up = UP.exec(token);
        if (up) at -= Number(up[1]);
        else if (token === '\x1b[J') lines = lines.slice(0, at).concat('');
        else if (token === '\n') lines[++at] ??= '';
        else if (!token.startsWith('\x1b') && token !== '\r') lines[at] = token;
      }
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubEnv('TERM', 'xterm');
  return () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  };
});

test('on a terminal the tree stays in place, and what is said stays above it', () => {
  const out = terminal();
  const view = createLiveView(out, { clock: () => Date.now(), colors: false });
  view.update([plan('deploy', { a: [step('a-0', 'STARTING', { host: 'agent-1' })] })]);
  vi.advanceTimersByTime(100);
  view.say('The API listens.');
  view.note({ level: 'info', message: 'launch', keys: {} });
  view.note({ level: 'warn', message: 'task status', keys: { task: 'a-0' } });
  vi.advanceTimersByTime(3_000);
  view.update([plan('deploy', { a: [step('a-0', 'COMPLETE', { host: 'agent-1' })] })]);
  view.finish();
  view.update([]);
  view.say('too late');
  vi.advanceTimersByTime(5_000);
  expect(out.shown()).toEqual([
    'The API listens.',
    'warn: task status task=a-0',
    'deploy (serial strategy) (COMPLETE)',
    '└─ a (serial strategy) (COMPLETE)',
    '   └─ a-0:[node] (COMPLETE)  agent-1  3.1s',
    '',
  ]);
});

test('a picture that did not change is not drawn again', () => {
  const out = terminal();
  const view = createLiveView(out, { clock: () => Date.now(), colors: false });
  view.update([plan('deploy', { a: [step('a-0', 'COMPLETE')] })]);
  vi.advanceTimersByTime(10_000);
  expect(out.written).toHaveLength(1);
  view.finish();
});

test('elsewhere there is one line an event, with the time since the start', () => {
  let text = '';
  const out: Output = { write: (added) => (text = text + added) };
  const view = createLiveView(out, { clock: () => Date.now(), colors: false });
  view.say('The API listens.');
  vi.advanceTimersByTime(1_500);
  view.update([plan('deploy', { a: [step('a-0', 'STARTING', { host: 'agent-1' })] })]);
  view.note({ level: 'info', message: 'launch', keys: { step: 'a-0:[node]' } });
  view.finish();
  expect(text).toBe(`The API listens.
  1.5s  deploy a-0:[node] STARTING agent-1
  1.5s  deploy STARTING
  1.5s  launch step=a-0:[node]
`);
});
