import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openFileTree } from '../../../runtime/store/file.ts';
import { openStore } from '../../../runtime/store/open.ts';
import { LockHeld } from '../../../runtime/store/tree.ts';
import { compileStore, runScript, type Script } from './tree-process.ts';

const scratch = () => mkdtempSync(join(tmpdir(), 'store.file-'));
const holderOf = (dir: string) => JSON.parse(readFileSync(join(dir, 'holder.json'), 'utf8'));
const hold = (dir: string, holder: unknown) => writeFileSync(join(dir, 'holder.json'), JSON.stringify(holder));
const numberIn = (bytes: Uint8Array | undefined) => Number(Buffer.from(bytes ?? []).toString());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

let fileUrl: string;
let dir: string;

beforeAll(() => {
  const compiled = scratch();
  fileUrl = compileStore(compiled);
  return () => rmSync(compiled, { recursive: true });
});
beforeEach(() => {
  dir = scratch();
});
afterEach(() => rmSync(dir, { recursive: true }));

function start(body: string, ...args: string[]): Script {
  const script = runScript(fileUrl, body, ...args);
  onTestFinished(() => {
    script.process.kill('SIGKILL');
  });
  return script;
}

/** Two nodes a commit, with the same count; says the count once the commit is durable. */
const COUNT_FOR_EVER = `
  const tree = await openFileTree(args[0]);
  const last = Number(Buffer.from((await tree.get('left/count')) ?? []).toString());
  say('from ' + last);
  for (let count = last + 1; ; count++) {
    const data = Buffer.from(String(count));
    await tree.commit([
      { kind: 'put', path: 'left/count', data },
      { kind: 'delete', path: 'history' },
      { kind: 'put', path: 'history/' + count, data: Buffer.alloc(20_000) },
      { kind: 'put', path: 'right/count', data },
    ]);
    say(String(count));
  }`;

const HOLD_FOR_EVER = `
  await openFileTree(args[0]);
  say('held');
  setInterval(() => {}, 1000);`;

describe('a killed process', () => {
  test('leaves every commit that it reported, and none by half', async () => {
    let reported = 0;
    for (let round = 0; round < 6; round++) {
      const counter = start(COUNT_FOR_EVER, dir);
      expect(await counter.line(1)).toBe(`from ${reported}`);
      await counter.line(randomInt(2, 60));
      counter.process.kill('SIGKILL');
      const said = Number((await counter.lines()).at(-1)?.replace('from ', ''));

      const tree = await openFileTree(dir);
      const left = numberIn(await tree.get('left/count'));
      // One commit more than reported: durable, and killed before it could say so.
      expect(left - said).toBeOneOf([0, 1]);
      expect(numberIn(await tree.get('right/count'))).toBe(left);
      expect(await tree.list('history')).toEqual(left === 0 ? [] : [String(left)]);
      await tree.close();
      reported = left;
    }
  });

  test('gives up the store at once', async () => {
    const holder = start(HOLD_FOR_EVER, dir);
    expect(await holder.line(1)).toBe('held');
    await expect(openFileTree(dir)).rejects.toThrow(LockHeld);
    holder.process.kill('SIGKILL');
    await holder.lines();
    const tree = await openFileTree(dir);
    expect(holderOf(dir).pid).toBe(process.pid);
    await tree.close();
  });
});

describe('the lock of a directory', () => {
  test('is refused while a live process has it, saying who, where, since when, and what to do', async () => {
    const holder = start(HOLD_FOR_EVER, dir);
    await holder.line(1);
    const { since } = holderOf(dir);
    await expect(openFileTree(dir)).rejects.toThrow(
      new LockHeld(
        `the store ${dir} is held by process ${holder.process.pid} on host ${hostname()} since ${since}; ` +
          'stop that process first, or use another directory',
      ),
    );
  });

  test('is refused to a second opener of the same process, and the first works on', async () => {
    const tree = await openFileTree(dir, () => 0);
    await expect(openFileTree(dir)).rejects.toThrow(
      `process ${process.pid} on host ${hostname()} since 1970-01-01T00:00:00.000Z`,
    );
    await tree.commit([{ kind: 'put', path: 'a', data: Buffer.from('1') }]);
    expect(numberIn(await tree.get('a'))).toBe(1);
    await tree.close();
  });

  test('goes to exactly one of many that race for it, also when its holder died', async () => {
    hold(dir, {
      pid: process.pid,
      birth: 'of an earlier process',
      host: hostname(),
      since: '2024-01-01T00:00:00.000Z',
    });
    const race = `
      say('ready');
      await new Promise((resolve) => process.stdin.once('data', resolve));
      await openFileTree(args[0]).then(() => say('won'), (error) => say(error.name));
      setInterval(() => {}, 1000);`;
    const racers = Array.from({ length: 4 }, () => start(race, dir));
    await Promise.all(racers.map((racer) => racer.line(1)));
    for (const racer of racers) racer.process.stdin?.write('go');
    const outcomes = await Promise.all(racers.map((racer) => racer.line(2)));
    expect(outcomes.sort()).toEqual(['LockHeld', 'LockHeld', 'LockHeld', 'won']);
    const winner = racers.find((racer) => racer.process.pid === holderOf(dir).pid);
    expect(await winner?.line(2)).toBe('won');
  });

  test('is given back by close', async () => {
    const tree = await openFileTree(dir);
    await tree.close();
    expect(existsSync(join(dir, 'holder.json'))).toBe(false);
  });

  test('stays with its new holder when the one that lost it closes', async () => {
    const old = await openFileTree(dir);
    rmSync(join(dir, 'holder.json'));
    const current = await openFileTree(dir);
    await old.close();
    await expect(openFileTree(dir)).rejects.toThrow(LockHeld);
    await current.close();
  });

  test.runIf(process.platform === 'linux')('is taken from a process that ended but was not waited for', async () => {
    // A shell that becomes `sleep` will never wait for its child.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => {
      parent.kill('SIGKILL');
    });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    const stat = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8') === 'sleep\n');
    process.kill(pid, 'SIGKILL');
    await until(() => stat()[2] === 'Z');

    const tree = await openFileTree(dir);
    const holder = holderOf(dir);
    await tree.close();
    const boot = holder.birth.split('/')[0];
    hold(dir, { ...holder, pid, birth: `${boot}/${stat()[21]}` });
    await (await openFileTree(dir)).close();
  });

  test.runIf(process.platform === 'linux')('is taken from a process whose pid was reused', async () => {
    const tree = await openFileTree(dir);
    const holder = holderOf(dir);
    await tree.close();
    const [boot, ticks] = holder.birth.split('/');
    for (const birth of [`${boot}/${Number(ticks) - 1}`, `another-boot/${ticks}`]) {
      hold(dir, { ...holder, birth });
      await (await openFileTree(dir)).close();
    }
    hold(dir, holder);
    await expect(openFileTree(dir)).rejects.toThrow(LockHeld);
  });

  test('is taken from what a power cut left of a holder', async () => {
    for (const left of ['', '{"pid": 12', 'null', '{}']) {
      writeFileSync(join(dir, 'holder.json'), left);
      await (await openFileTree(dir)).close();
    }
  });

  test('is refused when its holder is on a host that cannot be seen from here, until the file is deleted', async () => {
    hold(dir, { pid: 1, birth: 'x', host: 'elsewhere', since: '2024-01-01T00:00:00.000Z' });
    await expect(openFileTree(dir)).rejects.toThrow(
      `process 1 on host elsewhere since 2024-01-01T00:00:00.000Z, which cannot be seen from here; ` +
        `make sure that it has ended, then delete ${join(dir, 'holder.json')}`,
    );
    rmSync(join(dir, 'holder.json'));
    await (await openFileTree(dir)).close();
  });
});

describe('a store URL', () => {
  test('opens a directory, made when absent', async () => {
    const tree = await openStore(`file:${dir}/made/on the way`);
    await tree.commit([{ kind: 'put', path: 'a', data: Buffer.from('7') }]);
    await tree.close();
    const again = await openFileTree(`${dir}/made/on the way`);
    expect(numberIn(await again.get('a'))).toBe(7);
    await again.close();
  });

  test('opens memory, empty every time', async () => {
    const tree = await openStore('memory:');
    await tree.commit([{ kind: 'put', path: 'a', data: Buffer.from('7') }]);
    expect(await (await openStore('memory:')).list('')).toEqual([]);
  });

  test.each([
    ['file:', 'no store is called "file:"; use zk://'],
    ['memory:x', 'no store is called "memory:x"; use zk://'],
    ['/var/lib/store', 'no store is called "/var/lib/store"; use zk://'],
    ['', 'no store is called ""; use zk://'],
  ])('is refused when it is %j, and told what there is', async (url, message) => {
    const refusal = await openStore(url).catch((error: Error) => error.message);
    expect(refusal).toContain(message);
    expect(refusal).toContain('memory:');
  });

  test('names the directory that is none', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(openStore(`file:${dir}/file`)).rejects.toThrow(`cannot open the store ${dir}/file`);
  });

  test.each([
    ['something else', 'not a store'.repeat(1000)],
    ['nothing but zeros, as after a power cut', '\0'.repeat(8192)],
  ])('names the directory whose file holds %s', async (_, content) => {
    writeFileSync(join(dir, 'data.mdb'), content);
    await expect(openStore(`file:${dir}`)).rejects.toThrow(
      `cannot open the store ${dir}: ${dir}/data.mdb is no lmdb file`,
    );
  });

  test('opens a directory whose first opener was killed before it wrote', async () => {
    writeFileSync(join(dir, 'data.mdb'), '');
    await (await openStore(`file:${dir}`)).close();
  });
});
