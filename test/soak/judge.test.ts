/** The soak's own eyes: each thing that it promises to find is found, and what disturbances explain is not. */
import { expect, test } from 'vitest';
import { judge, judgeEnd, judgeMemory } from './judge.ts';
import type { Sight } from './sight.ts';

const TASKS = ['data-0-node', 'data-1-node'];
const well: Sight = {
  trees: TASKS,
  plans: { deploy: 'COMPLETE', recovery: 'COMPLETE' },
  tasks: TASKS,
  strays: 0,
  volumes: { a: { first: '12:00 data-0', lines: 10 }, b: { first: '12:01 data-1', lines: 20 } },
  unused: [],
  nodes: ['/s', '/s/Tasks'],
  leases: 1,
  schedulerMb: 90,
  clusterMb: 60,
};

test('what is well is not called wrong, also when volumes have grown', () => {
  const grown = { ...well, volumes: { ...well.volumes, a: { first: '12:00 data-0', lines: 99 } } };
  expect(judge(grown, well, TASKS)).toEqual([]);
});

test.each<[string, Partial<Sight>, string]>([
  ['a second process of a task', { trees: [...TASKS, 'data-0-node'] }, 'two processes run for data-0-node'],
  ['a second task of one name', { tasks: [...TASKS, 'data-1-node'] }, 'Mesos has two tasks data-1-node'],
  ['a task without a process', { trees: ['data-0-node'] }, 'no process runs for data-1-node'],
  ['a task that Mesos does not know', { tasks: ['data-0-node'] }, 'Mesos has no task data-1-node'],
  ['a task of nobody', { tasks: [...TASKS, 'data-2-node'] }, 'nobody wants data-2-node'],
  ['a plan with work left', { plans: { deploy: 'COMPLETE', recovery: 'STARTING' } }, 'plan recovery is STARTING'],
  ['a process that its task left behind', { strays: 3 }, '3 processes of tasks that have ended'],
  ['a leaked reservation', { unused: ['agent-1 cpus 0.5'] }, 'reserved and not used: agent-1 cpus 0.5'],
  ['a lock that two hold', { leases: 2 }, '2 leases of the lock'],
  ['a leaked node', { nodes: [...well.nodes, '/s/Tasks/x'] }, 'a node more: /s/Tasks/x'],
  ['a lost node', { nodes: ['/s'] }, 'a node less: /s/Tasks'],
])('%s', (_, seen, violation) => {
  expect(judge({ ...well, ...seen }, well, TASKS)).toEqual([violation]);
});

test.each<[string, Sight['volumes'], string]>([
  ['gone', { b: well.volumes['b']! }, 'the volume a is lost'],
  ['of another', { ...well.volumes, a: { first: '12:09 data-0', lines: 30 } }, 'the volume a has lost data'],
  ['shorter', { ...well.volumes, a: { first: '12:00 data-0', lines: 9 } }, 'the volume a has lost data'],
  ['one too many', { ...well.volumes, c: { first: '12:02 x', lines: 1 } }, '3 volumes for 2 tasks'],
])('a volume that is %s', (_, volumes, violation) => {
  expect(judge({ ...well, volumes }, well, TASKS)).toContain(violation);
});

test.each<[string, string, number]>([
  ['SIGKILL', '', 0],
  ['0', '', 0],
  ['SIGTERM', '', 0],
  ['8', 'the lock was taken over', 0],
  ['1', 'ZooKeeper at 127.0.0.1:2181 did not answer within 4 s', 0],
  ['1', "Cannot read properties of undefined (reading 'x')", 1],
  ['6', 'Mesos refused this framework', 1],
  ['SIGSEGV', '', 1],
])('a scheduler that ended with %s: %s', (how, lastWords, wrong) => {
  expect(judgeEnd({ how, lastWords })).toHaveLength(wrong);
});

test('memory is flat when its last third is like its first, whatever lies between', () => {
  const flat = [90, 95, 92, 300, 96, 94, 93, 97, 95];
  expect(judgeMemory(flat)).toEqual([]);
  expect(judgeMemory(flat.map((mb, at) => mb + at * 20))).toHaveLength(1);
});
