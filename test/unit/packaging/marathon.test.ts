import { expect, test } from 'vitest';
import { environmentOfApp, renderApp } from '../../../runtime/packaging/marathon.ts';

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
  data: { count: 3, cpus: 0.5, whole: 1.0, zero: 0, tiny: 0.00000025, huge: 1e21, unset: null },
  hosts: ['a', 'b'],
  pods: [
    { name: 'x', tags: ['1', '2'], on: true },
    { name: 'y', tags: [], on: false },
  ],
  labels: '{"k": ["v"]}',
};

/** What `"X": "<template>"` in the app's env comes out as. */
function printed(template: string): string | undefined {
  const result = renderApp({ file: 'marathon.json.mustache', text: `{"env": {"X": "${template}"}}` }, options, {
    assets: { uri: 'u' },
  });
  return result.ok ? environmentOfApp(result.app)['X'] : result.problems[0]?.message;
}

test.each([
  ['text', '{{service.name}}', 'store'],
  ['text with quotes, in two braces', '{{service.json}}', '{"a": "b"}'],
  ['text with quotes, in three', '{{{service.json}}}', '{"a": "b"}'],
  ['a whole number', '{{data.count}}', '3'],
  ['a whole number that was written 1.0', '{{data.whole}}', '1'],
  ['a fraction', '{{data.cpus}}', '0.5'],
  ['a tiny number', '{{data.tiny}}', '0.00000025'],
  ['a huge number', '{{data.huge}}', '1000000000000000000000'],
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
  ['a section over a list, once for each item', '{{#hosts}}[{{.}}]{{/hosts}}', '[a][b]'],
  ['a section over a list of groups', '{{#pods}}{{name}}{{#on}}!{{/on}};{{/pods}}', 'x!;y;'],
  ['a list within a list', '{{#pods}}{{name}}:{{#tags}}{{name}}{{.}} {{/tags}}{{/pods}}', 'x:x1 x2 y:'],
  ['what stands around a list, within it', '{{#hosts}}{{service.name}} {{/hosts}}', 'store store '],
  ['a section over a group', '{{#service}}{{name}}{{/service}}', 'store'],
  ['an inverted section', '{{^service.region}}x{{/service.region}}', 'x'],
  [
    'a group of options',
    '{{service}}',
    'this does not render to a Marathon app: {{service}} is a group of options, not a value',
  ],
])('%s', (_, template, expected) => {
  expect(printed(template)).toBe(expected);
});

const app = (text: string) => {
  const result = renderApp({ file: 'marathon.json.mustache', text }, options, {});
  return result.ok ? { app: result.app } : { problems: result.problems };
};

test('a list prints as JSON, and JSON kept in text becomes JSON', () => {
  const text =
    '{"constraints": {{service.constraints}}, "json": {{#asJson}}labels{{/asJson}}, "x": {{#asJson}}none{{/asJson}}}';
  expect(app(text).app).toEqual({
    constraints: [['hostname', 'UNIQUE']],
    json: { k: ['v'] },
    x: null,
    labels: {},
    env: {},
  });
});

test('an option of the name resource lies below the resources', () => {
  const text = '{"env": {"A": "{{resource.a}}", "B": "{{resource.b}}"}}';
  const result = renderApp({ file: 'm', text }, { resource: { a: 'option', b: 'option' } }, { a: 'resource' });
  expect(result.ok && result.app.env).toEqual({ A: 'resource', B: 'option' });
});

test('values that Marathon takes from secrets are left to Marathon', () => {
  const { app: rendered } = app('{"env": {"A": "1", "KEY": {"secret": "k"}}}');
  expect(rendered?.env).toEqual({ A: '1', KEY: { secret: 'k' } });
  expect(rendered && environmentOfApp(rendered)).toEqual({ A: '1' });
});

test('lists within lists are refused before they take for ever', () => {
  const items = Array.from({ length: 400 }, (_, at) => at);
  const result = renderApp({ file: 'm', text: '{{#l}}{{#l}}{{#l}}{{#l}}{{/l}}{{/l}}{{/l}}{{/l}}' }, { l: items }, {});
  expect(result.ok ? [] : result.problems.map(({ message }) => message)).toEqual([
    'its lists unfold to more than 100000 sections',
  ]);
});

test.each([
  ['no JSON', '{"id": {{service.name}}}', 1, "Unexpected token 's'"],
  ['a list', '[]', 1, 'it is not a JSON object'],
  ['an env that is a list', '{\n"env": []}', 2, 'its env is not an object'],
  ['a number in env', '{"env": {\n"A": {{data.count}}}}', 2, 'its env A is not text'],
  ['labels that are a list', '{\n"labels": []}', 2, 'its labels are not an object'],
  ['a number as a label', '{"labels": {\n\n"A": {{data.count}}}}', 3, 'its label A is not text'],
])('%s is refused', (_, text, line, reason) => {
  const [problem] = app(text).problems ?? [];
  expect(problem).toMatchObject({ code: 'PKG007', file: 'marathon.json.mustache', line });
  expect(problem?.message).toBe(`this does not render to a Marathon app: ${reason}`);
  expect(problem?.remedy).toBeTruthy();
});

test('broken JSON is shown where the template broke it', () => {
  const { problems = [] } = app('{\n  "id": "{{service.name}}",\n  "mem": ,\n}');
  expect(problems.map(({ line, column, message }) => [line, column, message])).toEqual([
    [3, 10, "this does not render to a Marathon app: Unexpected token ','"],
  ]);
});
