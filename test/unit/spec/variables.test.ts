import { expect, test } from 'vitest';
import { variableReport } from '../../../runtime/spec/variables.ts';

const report = (text: string, packaged: string[], given: string[] = []) => {
  const { neverSet, neverUsed } = variableReport({ file: 'svc.yml', text }, packaged, given);
  return {
    neverSet: neverSet.map(({ line, column, message, remedy }) => `${line}:${column} ${message} -> ${remedy}`),
    neverUsed,
  };
};

test('what the package sets and the template uses is in order', () => {
  expect(report('a: {{A}}\n{{#B}}b: {{{C}}}{{/B}}', ['A', 'B', 'C'])).toEqual({ neverSet: [], neverUsed: [] });
});

test('what nothing sets is named where it stands first, in hidden sections too', () => {
  expect(
    report('a: {{A}}\n{{#B}}\nb: {{COUNTT}}{{COUNTT}}\n{{/B}}\nc: {{GIVEN}}', ['COUNT'], ['GIVEN']).neverSet,
  ).toEqual([
    '1:4 nothing sets {{A}}: neither the package nor the environment -> add A to the env of marathon.json.mustache',
    '2:1 nothing sets {{B}}: neither the package nor the environment -> add B to the env of marathon.json.mustache',
    '3:4 nothing sets {{COUNTT}}: neither the package nor the environment -> did you mean {{COUNT}}?',
  ]);
});

test('what only the package knows is named, but not what the scheduler reads or passes on', () => {
  const names = ['WORLD_COUNT', 'HELLO_COUNT', 'PACKAGE_NAME', 'TASKCFG_ALL_X', 'SERVICE_REGION', 'MESOS_MASTER'];
  expect(report('count: {{USED}}', [...names, 'USED']).neverUsed).toEqual(['HELLO_COUNT', 'WORLD_COUNT']);
});

test('a template that cannot be read asks for nothing', () => {
  expect(report('{{#A}}', []).neverSet).toEqual([]);
});
