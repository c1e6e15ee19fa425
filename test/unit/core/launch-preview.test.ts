/** A task shown before there is an offer: what the definition decides is as it will be. */
import { expect, test } from 'vitest';
import { defaultSettings } from '../../../runtime/core/state.ts';
import { previewTask } from '../../../runtime/core/tasks/launch/preview.ts';
import type { PodSpec } from '../../../runtime/spec/service.ts';
import { contextOf, launched } from './launching.ts';
import { pod, service, task } from './service.ts';

const server = task('server', {
  resourceSet: {
    id: 'set',
    cpus: 500,
    gpus: 1000,
    memoryMb: 64,
    ports: [
      { name: 'web', port: 80, envKey: 'PORT_WEB', advertise: true, ranges: [] },
      { name: 'any', port: 0, envKey: 'PORT_ANY', advertise: false, ranges: [] },
    ],
    volumes: [
      { type: 'ROOT', containerPath: 'data', sizeMb: 10 },
      { type: 'MOUNT', containerPath: 'disk', sizeMb: 20, profiles: [] },
    ],
    limits: {},
  },
});
const web = pod('web', { tasks: [server], volumes: [{ type: 'ROOT', containerPath: 'shared', sizeMb: 30 }] });
const preview = (type: PodSpec) => previewTask(defaultSettings, service(type), type, 0, server);
const said = (resources: ReturnType<typeof preview>['resources'] = []) =>
  resources.map(({ name, scalar, ranges, disk }) =>
    [name, scalar?.value ?? ranges?.range?.map(({ begin }) => begin).join(), disk?.volume?.container_path]
      .filter((part) => part !== undefined)
      .join(' '),
  );

test('its command, checks and containers are those of its launch', () => {
  const { command, container, kill_policy } = launched(contextOf(web));
  const shown = preview(web);
  expect(shown).toMatchObject({ container, kill_policy, task_id: { value: 'shop__web-0-server__<uuid>' } });
  expect(shown.command?.value).toBe(command?.value);
});

test('its resources are those that it asks for, the executor has its own', () => {
  const shown = preview(web);
  expect(said(shown.resources)).toEqual(['cpus 0.5', 'gpus 1', 'mem 64', 'ports 80', 'disk 10 data', 'disk 20 disk']);
  expect(said(shown.executor?.resources)).toEqual(['cpus 0.1', 'disk 256', 'mem 32', 'disk 30 shared']);
});

test('a port that is chosen at the launch is 0', () => {
  const variables = preview(web).command?.environment?.variables ?? [];
  expect(variables.filter(({ name }) => name.startsWith('PORT_'))).toEqual([
    { name: 'PORT_ANY', value: '0' },
    { name: 'PORT_WEB', value: '80' },
  ]);
});

test('ports of an overlay take nothing from the agent', () => {
  const overlay = { ...web, networks: [{ name: 'dcos', portMappings: [], labels: {} }] };
  expect(said(preview(overlay).resources).join()).not.toContain('ports');
});
