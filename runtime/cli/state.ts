/** `mainstay state`: what the scheduler has stored beside tasks and configurations. */
import type { Command } from 'commander';
import { type Question, questionVerb } from './ask.ts';

const QUESTIONS: readonly Question[] = [
  {
    name: 'framework_id',
    summary: 'show the id that Mesos knows the service by',
    examples: ['mainstay state framework_id'],
    path: () => 'v1/state/frameworkId',
  },
  {
    name: 'properties',
    summary: 'list the names of the stored properties',
    examples: ['mainstay state properties'],
    path: () => 'v1/state/properties',
  },
  {
    name: 'property',
    summary: 'show a stored property',
    examples: ['mainstay state property data-0-node:task-status'],
    argument: ['<name>', 'name of the property: see state properties'],
    plain: true,
    path: (name) => `v1/state/properties/${name}`,
  },
  {
    name: 'refresh_cache',
    summary: 'read the store again, after somebody changed it by hand',
    examples: ['mainstay state refresh_cache'],
    method: 'put',
    path: () => 'v1/state/refresh',
  },
];

export function stateCommand(group: Command): void {
  const state = group.command('state').description('look at what else is stored');
  for (const question of QUESTIONS) questionVerb(state, question);
}
