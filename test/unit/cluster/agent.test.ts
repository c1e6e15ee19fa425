import { describe, expect, test } from 'vitest';
import type { Resource } from '../../../runtime/kit/mesos.ts';
import { bench, executor, kinds, running, runs, seconds, signals, states, statuses, task } from './agent-bench.ts';

describe('a task group', () => {
  test('starts, runs and ends with the statuses of the default executor', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const launched = agent.launch([task('t', { check: { type: 'COMMAND', command: { command: { value: 'true' } } } })]);
    const [run] = runs(launched);
    expect(kinds(launched)).toEqual(['save', 'status', 'run']);
    const container_id = { value: run!.container, parent: { value: expect.any(String) } };
    const network_infos = [{ ip_addresses: [{ protocol: 'IPv4', ip_address: '127.0.0.1' }] }];
    const common = {
      task_id: { value: 't' },
      source: 'SOURCE_EXECUTOR',
      agent_id: { value: 'S0' },
      executor_id: { value: 'executor' },
      uuid: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/),
      check_status: { type: 'COMMAND', command: {} },
    };
    const [starting] = statuses(launched);
    expect(starting).toEqual({
      ...common,
      state: 'TASK_STARTING',
      timestamp: 0,
      container_status: { container_id, network_infos },
    });

    agent.started(run!.container, 100);
    const [up] = statuses(agent.acknowledge(starting, 150));
    expect(up).toEqual({
      ...common,
      state: 'TASK_RUNNING',
      timestamp: 0.1,
      container_status: { container_id, network_infos, executor_pid: 4711 },
    });

    agent.exited(run!.container, { code: 1 }, 200);
    const [last] = statuses(agent.acknowledge(up, 250));
    expect(last).toEqual({
      ...common,
      state: 'TASK_FAILED',
      message: 'Command exited with status 1',
      timestamp: 0.2,
      container_status: { container_id },
    });
    agent.acknowledge(last, 300);
    expect(agent.checkpoint().tasks).toEqual([]);
  });

  test.each([
    [{ code: 0 }, 'TASK_FINISHED', 'Command exited with status 0'],
    [{ code: 7 }, 'TASK_FAILED', 'Command exited with status 7'],
    [{ signal: 'SIGKILL' }, 'TASK_FAILED', 'Command terminated with signal Killed'],
    [{ signal: 'SIGTERM' }, 'TASK_FAILED', 'Command terminated with signal Terminated'],
    [{ signal: 'SIGSEGV' }, 'TASK_FAILED', 'Command terminated with signal Segmentation fault'],
  ])('that ends by itself with %j is %s', (end, state, message) => {
    const { bench: agent, containers } = running(task('t'));
    expect(statuses(agent.exited(containers[0]!, end))).toMatchObject([{ state, message }]);
  });

  test.each([
    [{ code: 3 }, ['SIGTERM']],
    [{ signal: 'SIGKILL' }, ['SIGTERM']],
    [{ code: 0 }, []],
  ])('is ended as a whole unless the task that ended succeeded: %j', (end, expected) => {
    const { bench: agent, containers } = running(task('a'), task('b'));
    expect(signals(agent.exited(containers[0]!, end))).toEqual(expected);
  });

  test('kills the others of a failed task with 3 s of patience, whatever their kill policy, and says TASK_KILLED', () => {
    const { bench: agent, containers } = running(task('a'), task('b', { kill_policy: seconds(60) }));
    agent.exited(containers[0]!, { code: 1 }, 1000);
    expect(signals(agent.tick(3999))).toEqual([]);
    expect(signals(agent.tick(4000))).toEqual(['SIGKILL']);
    expect(states(agent.exited(containers[1]!, { signal: 'SIGKILL' }, 4100))).toEqual(['b TASK_KILLED']);
  });

  test('of another launch is not touched, though both share the executor', () => {
    const { bench: agent, containers } = running(task('a'));
    const [second] = runs(agent.launch([task('b')]));
    agent.started(second!.container);
    const ended = agent.exited(second!.container, { code: 1 });
    expect(signals(ended)).toEqual([]);
    expect(kinds(ended)).not.toContain('executor-ended');
    expect(second!.execution.directory.split('/containers/')[0]).toContain('/executors/executor/runs/');
    expect(kinds(agent.exited(containers[0]!, { code: 0 }))).toContain('executor-ended');
  });

  test('takes its executor with it when its last task ends', () => {
    const { bench: agent, containers } = running(task('t'));
    const outputs = agent.exited(containers[0]!, { code: 0 });
    expect(kinds(outputs)).toEqual(['save', 'status', 'executor-ended']);
    expect(outputs.at(-1)).toEqual({
      kind: 'master',
      message: { kind: 'executor-ended', frameworkId: 'fw', executorId: 'executor', status: 0 },
    });
  });

  test.each([
    [
      'secrets',
      { command: { value: 'true', environment: { variables: [{ name: 'A', type: 'SECRET' as const }] } } },
      /secret/,
    ],
    ['images', { container: { type: 'MESOS' as const, mesos: { image: {} } } }, /do not run images/],
    [
      'a volume of Docker',
      { container: { volumes: [{ container_path: 'v', source: { type: 'DOCKER_VOLUME' as const } }] } },
      /no volume of type DOCKER_VOLUME/,
    ],
    [
      'a path out of the sandbox of its executor',
      {
        container: {
          volumes: [
            {
              container_path: 'v',
              source: { type: 'SANDBOX_PATH' as const, sandbox_path: { type: 'PARENT' as const, path: '../x' } },
            },
          ],
        },
      },
      /leaves the sandbox/,
    ],
  ])('with %s fails in words rather than run otherwise than it was meant', (_, more, message) => {
    const agent = bench();
    agent.start();
    agent.registered();
    const launched = agent.launch([task('t', more)]);
    expect(runs(launched)).toEqual([]);
    const next = statuses(agent.acknowledge(statuses(launched)[0]));
    expect(next).toMatchObject([{ state: 'TASK_FAILED', message: expect.stringMatching(message) }]);
  });
});

describe('the container of a task', () => {
  const volume: Resource = {
    name: 'disk',
    type: 'SCALAR',
    scalar: { value: 10 },
    reservations: [{ type: 'DYNAMIC', role: 'a/b' }],
    disk: { persistence: { id: 'volume-1' }, volume: { container_path: 'data', mode: 'RW' } },
  };

  test('lies where a Mesos agent puts it, with its volumes', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const [run] = runs(agent.launch([task('t', { resources: [volume] })]));
    expect(run!.execution.directory).toMatch(
      /^\/agent-1\/slaves\/S0\/frameworks\/fw\/executors\/executor\/runs\/[-\d]+\/containers\/[-\d]+$/,
    );
    expect(run!.volumes).toEqual([{ containerPath: 'data', hostPath: '/agent-1/volumes/roles/a b/volume-1' }]);
  });

  test('has the variables of Mesos and of its command, the last of duplicates, and nothing else', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const variables = [
      { name: 'A', value: 'first' },
      { name: 'A', value: 'last' },
    ];
    const [run] = runs(agent.launch([task('t', { command: { value: 'x', environment: { variables } } })]));
    expect(run!.execution.environment).toEqual({
      A: 'last',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      PWD: run!.execution.directory,
      MESOS_SANDBOX: run!.execution.directory,
      MESOS_ALLOCATION_ROLE: 'data-role',
      MESOS_CONTAINER_IP: '127.0.0.1',
    });
  });

  test('of long ended executors is removed, the newest fifty stay', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const removed: string[] = [];
    const directories: string[] = [];
    for (let round = 0; round < 52; round += 1) {
      const [run] = runs(agent.launch([task(`t${round}`)]));
      directories.push(run!.execution.directory.split('/containers/')[0]!);
      for (const output of agent.exited(run!.container, { code: 0 })) {
        if (output.kind === 'remove-sandbox') removed.push(output.path);
      }
    }
    expect(removed).toEqual(directories.slice(0, 2));
  });
});

describe('KILL', () => {
  test('is SIGTERM, SIGKILL after the grace period of the task, and TASK_KILLED whatever the exit status', () => {
    const { bench: agent, containers } = running(task('t', { kill_policy: seconds(4) }));
    expect(signals(agent.kill('t', 1000))).toEqual(['SIGTERM']);
    expect(agent.wakeAt()).toBe(5000);
    expect(signals(agent.tick(4999))).toEqual([]);
    expect(signals(agent.tick(5000))).toEqual(['SIGKILL']);
    expect(agent.wakeAt()).toBeUndefined();
    expect(states(agent.exited(containers[0]!, { code: 0 }, 5100))).toEqual(['t TASK_KILLED']);
  });

  test.each([
    ['3 s by default', undefined, undefined, 3000],
    ['what the task says', seconds(8), undefined, 8000],
    ['what the call says', seconds(8), seconds(1), 1000],
  ])('waits %s', (_, own, override, expected) => {
    const { bench: agent } = running(task('t', own ? { kill_policy: own } : {}));
    agent.kill('t', 0, override);
    expect(agent.wakeAt()).toBe(expected);
  });

  test('without patience is SIGKILL at once', () => {
    const { bench: agent } = running(task('t', { kill_policy: seconds(0) }));
    expect(signals(agent.kill('t', 0))).toEqual(['SIGKILL']);
  });

  test('a second time changes nothing, even with less patience', () => {
    const { bench: agent } = running(task('t', { kill_policy: seconds(20) }));
    agent.kill('t', 0);
    expect(agent.kill('t', 2000, seconds(1))).toEqual([]);
    expect(agent.wakeAt()).toBe(20_000);
  });

  test('before the process runs ends it as soon as it does, without TASK_RUNNING', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const launched = agent.launch([task('t')]);
    const { container } = runs(launched)[0]!;
    expect(signals(agent.kill('t', 10))).toEqual([]);
    expect(signals(agent.started(container, 20))).toEqual(['SIGTERM']);
    agent.exited(container, { signal: 'SIGTERM' }, 30);
    expect(states(agent.acknowledge(statuses(launched)[0]))).toEqual(['t TASK_KILLED']);
  });

  test('is told as TASK_KILLING to a framework that can take it', () => {
    const agent = bench();
    agent.start();
    agent.registered();
    const capable = { user: 'root', name: 'x', id: { value: 'fw' }, capabilities: [{ type: 'TASK_KILLING_STATE' }] };
    const launched = agent.master({ kind: 'launch', framework: capable, executor, tasks: [task('t')] });
    agent.started(runs(launched)[0]!.container);
    agent.acknowledge(statuses(launched)[0]);
    agent.acknowledge(agent.checkpoint().tasks[0]!.unacknowledged[0]);
    expect(states(agent.kill('t', 0))).toEqual(['t TASK_KILLING']);
  });
});

describe('a task with a max_completion_time', () => {
  const timed = { max_completion_time: { nanoseconds: 2e9 }, kill_policy: seconds(30) };

  test('that is over is killed without patience and has failed (trace 20)', () => {
    const { bench: agent, containers } = running(task('t', timed));
    expect(agent.wakeAt()).toBe(2000);
    expect(signals(agent.tick(1999))).toEqual([]);
    expect(signals(agent.tick(2000))).toEqual(['SIGKILL']);
    expect(statuses(agent.exited(containers[0]!, { signal: 'SIGKILL' }, 2001))).toMatchObject([
      {
        state: 'TASK_FAILED',
        reason: 'REASON_MAX_COMPLETION_TIME_REACHED',
        message: 'Command terminated with signal Killed',
      },
    ]);
  });

  test('that was killed before is killed, and nothing more', () => {
    const { bench: agent, containers } = running(task('t', timed));
    agent.kill('t', 1000);
    expect(signals(agent.tick(2000))).toEqual([]);
    const [last] = statuses(agent.exited(containers[0]!, { signal: 'SIGTERM' }, 2100));
    expect(last?.state).toBe('TASK_KILLED');
    expect(last).not.toHaveProperty('reason');
  });
});

describe('checks of a task', () => {
  const check = { type: 'COMMAND', command: { command: { value: 'test -f ready' } }, delay_seconds: 0 } as const;
  const health_check = {
    command: { value: 'true' },
    delay_seconds: 2,
    consecutive_failures: 1,
    grace_period_seconds: 0,
  };

  test('run when due, in the container, with the variables of the task and their own', () => {
    const own = { value: 'true', environment: { variables: [{ name: 'CHK', value: '1' }] } };
    const command = { value: 'sleep 9', environment: { variables: [{ name: 'MY', value: 'v' }] } };
    const { bench: agent, containers } = running(
      task('t', { command, health_check: { ...health_check, command: own } }),
    );
    expect(agent.wakeAt()).toBe(2000);
    const [begun] = agent.tick(2000);
    expect(begun).toMatchObject({ kind: 'check', container: containers[0], check: 'health', timeoutMs: 20_000 });
    expect(begun).toMatchObject({ probe: { execution: { command: own, environment: { MY: 'v', CHK: '1' } } } });
  });

  test('are told with TASK_RUNNING, and their last results stay in later statuses', () => {
    const { bench: agent, containers } = running(task('t', { check, health_check }));
    const container = containers[0]!;
    agent.tick(0);
    const [told] = statuses(agent.take({ kind: 'checked', container, check: 'check', run: 1, exitCode: 1 }, 100));
    expect(told).toMatchObject({
      state: 'TASK_RUNNING',
      reason: 'REASON_TASK_CHECK_STATUS_UPDATED',
      check_status: { type: 'COMMAND', command: { exit_code: 1 } },
    });
    expect(told).not.toHaveProperty('healthy');
    agent.acknowledge(told);
    agent.tick(2000);
    const [healthy] = statuses(agent.take({ kind: 'checked', container, check: 'health', run: 1, exitCode: 0 }, 2100));
    expect(healthy).toMatchObject({
      reason: 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED',
      healthy: true,
      check_status: { command: { exit_code: 1 } },
    });
  });

  test('that fail too often kill the task: TASK_KILLED, healthy=false, no reason', () => {
    const { bench: agent, containers } = running(task('t', { health_check, kill_policy: seconds(1) }));
    const container = containers[0]!;
    agent.tick(2000);
    const failed = agent.take({ kind: 'checked', container, check: 'health', run: 1, exitCode: 1 }, 2100);
    expect(statuses(failed)).toMatchObject([{ state: 'TASK_RUNNING', healthy: false }]);
    expect(signals(failed)).toEqual(['SIGTERM']);
    agent.exited(container, { signal: 'SIGTERM' }, 2200);
    const [last] = statuses(agent.acknowledge(statuses(failed)[0], 2300));
    expect(last).toMatchObject({ state: 'TASK_KILLED', healthy: false });
    expect(last).not.toHaveProperty('reason');
  });

  test('say nothing about a task that is being killed, nor when they are older than the newest run', () => {
    const { bench: agent, containers } = running(task('t', { check }));
    const container = containers[0]!;
    agent.tick(0);
    expect(agent.take({ kind: 'checked', container, check: 'check', run: 7, exitCode: 1 }, 10)).toEqual([]);
    agent.kill('t', 20);
    expect(agent.take({ kind: 'checked', container, check: 'check', run: 1, exitCode: 1 }, 30)).toEqual([]);
  });
});
