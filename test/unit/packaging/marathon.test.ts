import { expect, test } from 'vitest';
import { appEnvironment } from '../../../runtime/packaging/marathon.ts';

const options = {
  service: {
    name: 'store',
    region: '',
    json: '{"a": "b"}',
    constraints: [['hostname', 'UNIQUE']],
    none: [],
    yes: true,
    no: false,
  },
  data: { count: 3, cpus: 0.5, whole: 1.0, zero: 0, unset: null },
  labels: '{"k": ["v"]}',
};

/** What `"X": "<template>"` in the app's env comes out as. */
function printed(template: string): string | undefined {
  const result = appEnvironment({ file: 'marathon.json.mustache', text: `{"env": {"X": "${template}"}}` }, options, {
    assets: { uri: 'u' },
  });
  return result.ok ? result.env['X'] : result.problems[0]?.message;
}

test.each([
  ['text', '{{service.name}}', 'store'],
  ['text with quotes, in two braces', '{{service.json}}', '{"a": "b"}'],
  ['text with quotes, in three', '{{{service.json}}}', '{"a": "b"}'],
  ['a whole number', '{{data.count}}', '3'],
  ['a whole number that was written 1.0', '{{data.whole}}', '1'],
  ['a fraction', '{{data.cpus}}', '0.5'],
  ['a boolean', '{{service.yes}}', 'true'],
  ['what is missing', '{{service.nothing}}{{nothing.at.all}}', ''],
  ['null', '{{data.unset}}', ''],
  ['a resource', '{{resource.assets.uri}}', 'u'],
  ['a name of the prototype', '{{constructor}}{{service.toString}}', ''],
  ['a section over text', '{{#service.name}}x{{/service.name}}', 'x'],
  ['a section over empty text', '{{#service.region}}x{{/service.region}}', ''],
  ['a section over 0', '{{#data.zero}}x{{/data.zero}}', 'x'],
  ['a section over false', '{{#service.no}}x{{/service.no}}', ''],
  ['a section over an empty list', '{{#service.none}}x{{/service.none}}', ''],
  ['an inverted section', '{{^service.region}}x{{/service.region}}', 'x'],
  [
    'a group of options',
    '{{service}}',
    'this does not render to a Marathon app: {{service}} is a group of options, not a value',
  ],
])('%s', (_, template, expected) => {
  expect(printed(template)).toBe(expected);
});

const app = (text: string) => appEnvironment({ file: 'marathon.json.mustache', text }, options, {});

test('a list prints as JSON, and JSON kept in text becomes JSON', () => {
  const text =
    '{"constraints": {{service.constraints}}, "labels": {{#asJson}}labels{{/asJson}}, "x": {{#asJson}}none{{/asJson}}, "env": {}}';
  expect(app(text)).toEqual({ ok: true, env: {} });
});

test('an app without env has an empty one', () => {
  expect(app('{"id": "x"}')).toEqual({ ok: true, env: {} });
});

test('values that Marathon takes from secrets are left to Marathon', () => {
  expect(app('{"env": {"A": "1", "KEY": {"secret": "k"}}}')).toEqual({ ok: true, env: { A: '1' } });
});

test.each([
  ['no JSON', '{"id": {{service.name}}}'],
  ['a list', '[]'],
  ['an env that is a list', '{"env": []}'],
  ['a number in env', '{"env": {"A": {{data.count}}}}'],
])('%s is refused', (_, text) => {
  const result = app(text);
  expect(result.ok ? [] : result.problems.map(({ code, file }) => [code, file])).toEqual([
    ['PKG007', 'marathon.json.mustache'],
  ]);
});

test('broken JSON is shown where the template broke it', () => {
  const result = app('{\n  "id": "{{service.name}}",\n  "mem": ,\n}');
  expect(result.ok ? [] : result.problems.map(({ line, column, message }) => [line, column, message])).toEqual([
    [3, 10, "this does not render to a Marathon app: Unexpected token ','"],
  ]);
});
