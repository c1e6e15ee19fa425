/** `mainstay config`: the configurations that the scheduler has stored, among them its target. */
import type { Command } from 'commander';
import { type Question, questionVerb } from './ask.ts';

const QUESTIONS: readonly Question[] = [
  {
    name: 'list',
    summary: 'list the ids of the stored configurations',
    examples: ['mainstay config list'],
    path: () => 'v1/configurations',
  },
  {
    name: 'show',
    summary: 'show a stored configuration',
    examples: ['mainstay config show 7b1f0d0e-6c7a-4c0c-8f0e-3d6a1c1f9a01 --yaml'],
    argument: ['<id>', 'id of the configuration: see config list'],
    path: (id) => `v1/configurations/${id}`,
  },
  {
    name: 'target',
    summary: 'show the configuration that the service is brought to',
    examples: ['mainstay config target', 'mainstay config target --yaml'],
    path: () => 'v1/configurations/target',
  },
  {
    name: 'target_id',
    summary: 'show the id of that configuration',
    examples: ['mainstay config target_id'],
    path: () => 'v1/configurations/targetId',
  },
];

export function configCommand(group: Command): void {
  const config = group.command('config').alias('configs').description('look at the stored configurations');
  for (const question of QUESTIONS) questionVerb(config, question);
}
