/** The address of the task, and the wait until names resolve. The programs that look things up are scripts of the test. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Platform, platforms } from '../../support/platforms.ts';
import { type Done, type Sandbox, sandbox } from './sandbox.ts';

const OWN = { TASK_NAME: 'data-0-node', FRAMEWORK_HOST: 'store.autoip' };
const OWN_NAME = 'data-0-node.store.autoip';
const NO_AGENT = { MESOS_CONTAINER_IP: undefined };

interface Machine extends Sandbox {
  /** A program that is found on PATH before all others. */
  program(name: string, text: string): void;
  /** `./bootstrap -template=false -print-env=false <flags>` with the programs. */
  start(flags: readonly string[], variables?: Readonly<Record<string, string | undefined>>): Done;
}

function machine(platform: Platform): Machine {
  const place = sandbox(platform);
  return {
    ...place,
    program(name, text) {
      place.write(`programs/${name}`, `#!/bin/sh\n${text}\n`);
      chmodSync(join(place.directory, 'programs', name), 0o755);
    },
    start: (flags, variables) =>
      place.bootstrap(['-template=false', '-print-env=false', ...flags], {
        PATH: `${join(place.directory, 'programs')}:${platform.bin}`,
        ...variables,
      }),
  };
}

/** A `getent` that knows these names, some only from a later look-up on, and writes down what it is asked. */
function getent({ program }: Machine, known: Readonly<Record<string, { address: string; from?: number }>>): void {
  const cases = Object.entries(known).map(
    ([name, { address, from = 1 }]) =>
      `"hosts ${name}") [ "$count" -ge ${from} ] && { for a in ${address}; do echo "$a $2 alias"; done; exit 0; } ;;`,
  );
  program(
    'getent',
    `echo "$*" >>asked\ncount=0\nwhile read -r line; do [ "$line" = "$*" ] && count=$((count + 1)); done <asked\ncase "$*" in\n${cases.join('\n')}\nesac\nexit 2`,
  );
}

describe.each(platforms())('under $name', (platform) => {
  describe('-get-task-ip', () => {
    test.each([
      [
        'what the agent says of the container',
        { MESOS_CONTAINER_IP: '10.0.0.9', LIBPROCESS_IP: '10.0.0.1' },
        '10.0.0.9',
      ],
      ['what the agent says of itself', { ...NO_AGENT, LIBPROCESS_IP: '10.0.0.1' }, '10.0.0.1'],
      ['an address of no place is none', { ...NO_AGENT, LIBPROCESS_IP: '0.0.0.0' }, '10.1.1.1'],
      ['what the machine says', NO_AGENT, '10.1.1.1'],
    ])('%s', (_, variables, address) => {
      const { program, start } = machine(platform);
      program('hostname', '[ "$1" = -i ] && echo 127.0.1.1 fe80::1 10.1.1.1 10.2.2.2');
      expect(start(['-get-task-ip'], variables)).toEqual({ code: 0, stdout: address, stderr: '' });
    });

    test('the interfaces are asked when the name of the machine is only known to itself', () => {
      const { program, start } = machine(platform);
      program('hostname', '[ "$1" = -i ] && echo 127.0.1.1');
      program(
        'ip',
        'echo "1: lo    inet 127.0.0.1/8 scope host lo"; echo "2: eth0    inet 10.3.3.3/24 scope global eth0"',
      );
      expect(start(['-get-task-ip'], NO_AGENT).stdout).toBe('10.3.3.3');
    });

    test('IPv6 when there is nothing else, loopback when there is not even that', () => {
      const { program, start } = machine(platform);
      program('hostname', 'echo 127.0.1.1 ::1 2001:db8::7');
      expect(start(['-get-task-ip'], NO_AGENT).stdout).toBe('2001:db8::7');
      program('hostname', 'echo 127.0.1.1 ::1');
      expect(start(['-get-task-ip'], NO_AGENT).stdout).toBe('127.0.1.1');
    });

    test('a machine that does not know its address is told so, and may still render', () => {
      const { program, start } = machine(platform);
      program('hostname', 'echo "hostname: cannot resolve" >&2; exit 1');
      const { code, stdout, stderr } = start(['-get-task-ip'], NO_AGENT);
      expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('set LIBPROCESS_IP')]);
      expect(start(['-resolve=false'], NO_AGENT)).toMatchObject({
        code: 0,
        stderr: expect.stringContaining('WARNING: the address of this task cannot be found'),
      });
    });
  });

  test('by default it waits for the own name to give the own address', () => {
    const here = machine(platform);
    getent(here, { [OWN_NAME]: { address: '10.0.0.9' } });
    const { code, stderr } = here.start([], OWN);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`${OWN_NAME} is 10.0.0.9`);
    expect(here.read('asked')).toBe(`hosts ${OWN_NAME}\n`.repeat(2));
  });

  test('it asks again until there is an answer, and until it is the right one', () => {
    const here = machine(platform);
    here.program('sleep', 'echo "sleep $1" >>asked');
    getent(here, { 'zk.host': { address: '10.0.0.5 10.0.0.6', from: 3 }, [OWN_NAME]: { address: '10.0.0.9' } });
    const { code, stderr } = here.start(['-verbose', '-resolve-hosts', ` zk.host,, ${OWN_NAME} `], OWN);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('zk.host is 10.0.0.5 10.0.0.6');
    expect(stderr.match(/zk\.host: no address/g)).toHaveLength(2);
    expect(here.read('asked')?.match(/^hosts zk\.host$|^sleep 1$/gm)).toEqual([
      ...['hosts zk.host', 'sleep 1', 'hosts zk.host', 'sleep 1', 'hosts zk.host'],
    ]);
  });

  test.each([
    ['a name without an address', { 'other.host': { address: '10.0.0.5' } }, `${OWN_NAME} has no address`],
    ['the own name with another address', { [OWN_NAME]: { address: '10.0.0.8' } }, `${OWN_NAME} has 10.0.0.8`],
    [
      'the own name with one more',
      { [OWN_NAME]: { address: '10.0.0.9 10.0.0.8' } },
      `${OWN_NAME} has 10.0.0.9 10.0.0.8`,
    ],
  ])('%s ends with 1 when time is up', (_, known, complaint) => {
    const here = machine(platform);
    // Each look at the clock is 100 s after the one before.
    here.program('date', 'echo tick >>ticks\nt=0\nwhile read -r _; do t=$((t + 100)); done <ticks\necho $t');
    here.program('sleep', ':');
    getent(here, known);
    const { code, stderr } = here.start(['-resolve-timeout=2m30s'], OWN);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`time is up after 2m30s: ${complaint}`)]);
    expect(here.read('ticks')?.split('\n')).toHaveLength(4);
  });

  test('with a timeout of 0 it waits for ever', () => {
    const here = machine(platform);
    here.program('date', 'echo tick >>ticks\nt=0\nwhile read -r _; do t=$((t + 100000)); done <ticks\necho $t');
    here.program('sleep', ':');
    getent(here, { [OWN_NAME]: { address: '10.0.0.9', from: 10 } });
    expect(here.start(['-resolve-timeout=0'], OWN).code).toBe(0);
  });

  test('-self-resolve=false is content with any address; other hosts do not take the own name from being looked at', () => {
    const here = machine(platform);
    getent(here, { 'zk.host': { address: '10.0.0.5' }, [OWN_NAME]: { address: '10.0.0.8' } });
    expect(here.start(['-self-resolve=false'], OWN).code).toBe(0);
    expect(here.start(['-self-resolve=false', '-resolve-hosts=zk.host'], OWN).code).toBe(0);
    expect(here.start(['-resolve-hosts=zk.host'], { ...OWN, MESOS_CONTAINER_IP: '10.0.0.8' }).code).toBe(0);
    expect(here.read('asked')?.split('\n')).toEqual([
      ...[`hosts ${OWN_NAME}`, 'hosts zk.host', 'hosts zk.host', `hosts ${OWN_NAME}`, ''],
    ]);
  });

  test('without getent it warns and goes on', () => {
    const { code, stderr } = machine(platform).start([], OWN);
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`WARNING: this image has no getent: not waiting for ${OWN_NAME}`),
    ]);
  });

  test('on a laptop, where the address is a loopback one, no DNS knows the task: it does not wait', () => {
    const here = machine(platform);
    getent(here, {});
    const { code, stderr } = here.start([], { ...OWN, MESOS_CONTAINER_IP: '127.0.0.1' });
    expect([code, here.read('asked')], stderr).toEqual([0, undefined]);
    expect(stderr).toContain(`not waiting for ${OWN_NAME}`);
  });

  test('without a name to wait for it ends with 1 and says what to give', () => {
    const { code, stderr } = machine(platform).start([], { TASK_NAME: 'x' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('TASK_NAME and FRAMEWORK_HOST are not set')]);
    expect(machine(platform).start(['-resolve=false']).code).toBe(0);
  });

  test('a timeout is read as Go reads durations', () => {
    const here = machine(platform);
    getent(here, { [OWN_NAME]: { address: '10.0.0.9' } });
    const seconds = TIMEOUTS.map(([text]) => {
      const { stderr } = here.start([`-resolve-timeout=${text}`, '-verbose'], OWN);
      return [text, /at most ([^ ]+) s/.exec(stderr)?.[1]];
    });
    expect(seconds).toEqual(TIMEOUTS);
  });
});

/** As given, and in whole seconds: part of a second counts as one. */
const TIMEOUTS = [
  ['90s', '90'],
  ['5m', '300'],
  ['1h30m', '5400'],
  ['1.5h', '5400'],
  ['.5m', '30'],
  ['300ms', '1'],
  ['1m1ms', '61'],
  ['+2s', '2'],
  ['1us', '1'],
  ['1000h', '3600000'],
];
