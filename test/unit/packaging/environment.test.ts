import { expect, test } from 'vitest';
import { environmentOf } from '../../../runtime/packaging/environment.ts';

const universe = {
  path: 'universe',
  others: [],
  config: {
    file: 'config.json',
    text: '{"properties": {"count": {"type": "integer", "default": 3}, "cpus": {"default": 0.5}}}',
  },
  marathon: {
    file: 'marathon.json.mustache',
    text: '{"env": {"COUNT": "{{count}}", "CPUS": "{{cpus}}", "IMAGE": "{{resource.image}}"}}',
  },
  resource: { file: 'resource.json', text: '{"image": "i"}' },
};
const none = { processEnv: {}, overrides: {} };

test('the package gives the defaults', () => {
  expect(environmentOf({ universe, ...none })).toEqual({
    ok: true,
    env: { COUNT: '3', CPUS: '0.5', IMAGE: 'i' },
    defaultsTaken: ['COUNT', 'CPUS', 'IMAGE'],
  });
});

test('options change them', () => {
  const options = { file: 'options.json', text: '{"count": 4}' };
  expect(environmentOf({ universe, options, ...none })).toMatchObject({ env: { COUNT: '4' } });
});

test('the process environment wins over the package, -e over both, and an empty value is a value', () => {
  const result = environmentOf({
    universe,
    processEnv: { COUNT: '5', CPUS: '', HOME: '/' },
    overrides: { COUNT: '6' },
  });
  expect(result).toEqual({ ok: true, env: { COUNT: '6', CPUS: '', IMAGE: 'i', HOME: '/' }, defaultsTaken: ['IMAGE'] });
});

test('without a package there is what the process and -e give', () => {
  expect(environmentOf({ processEnv: { A: '1', B: undefined }, overrides: { C: '3' } })).toEqual({
    ok: true,
    env: { A: '1', C: '3' },
    defaultsTaken: [],
  });
});

test('a package without an app gives no variables', () => {
  expect(environmentOf({ universe: { path: 'universe', others: [], config: universe.config }, ...none })).toEqual({
    ok: true,
    env: {},
    defaultsTaken: [],
  });
});

test('bad options stop the way', () => {
  const options = { file: 'options.json', text: '{"count": "x"}' };
  expect(environmentOf({ universe, options, ...none })).toMatchObject({ ok: false, problems: [{ code: 'PKG005' }] });
});

test('resources that are no JSON stop the way', () => {
  const broken = { ...universe, resource: { file: 'resource.json', text: '{' } };
  expect(environmentOf({ universe: broken, ...none })).toMatchObject({
    ok: false,
    problems: [{ code: 'PKG003', file: 'resource.json' }],
  });
});
