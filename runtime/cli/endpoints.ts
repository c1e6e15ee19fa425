/** `mainstay endpoints`: where clients of the service connect. */
import type { Command } from 'commander';
import { clientOf, type OperatorOptions, operatorVerb, parsed, print, printAnswer } from './operator.ts';
import { unknown } from './refusal.ts';

const ENDPOINTS = {
  name: 'endpoints',
  aliases: ['endpoint'],
  summary: 'list the endpoints of the service, or show the addresses of one',
  examples: ['mainstay endpoints', 'mainstay endpoints client'],
};

export function endpointsCommand(program: Command): void {
  operatorVerb(program, ENDPOINTS)
    .argument('[name]', 'name of an endpoint: the name of an advertised port')
    .action(async (name: string | undefined, options: OperatorOptions, command: Command) => {
      const client = clientOf(command);
      const list = await client.get('v1/endpoints');
      if (name === undefined) return printAnswer(command, list, options);
      // The API's 404 has no text: what there is must be known before, to be said.
      const names = parsed(list) as string[];
      if (!names.includes(name)) throw unknown(`Endpoint ${name} not found`, name, names);
      const body = await client.get(`v1/endpoints/${encodeURIComponent(name)}`);
      // A custom endpoint is any text.
      if (options.yaml) return printAnswer(command, body, options);
      print(command, body);
    });
}
