/** `mainstay endpoints`: where clients of the service connect. */
import type { Command } from 'commander';
import { Failure } from './failure.ts';
import { clientOf, type OperatorOptions, operatorVerb, parsed, print, printJson } from './operator.ts';

const ENDPOINTS = {
  name: 'endpoints',
  summary: 'list the endpoints of the service, or show the addresses of one',
  examples: ['mainstay endpoints', 'mainstay endpoints client'],
};

export function endpointsCommand(program: Command): void {
  operatorVerb(program, ENDPOINTS)
    .alias('endpoint')
    .argument('[name]', 'name of an endpoint: the name of an advertised port')
    .action(async (name: string | undefined, options: OperatorOptions, command: Command) => {
      const client = clientOf(options);
      const list = await client.get('v1/endpoints');
      if (name === undefined) return printJson(command, list, options);
      // The API's 404 has no text: what there is must be known before, to be said.
      const names = parsed(list) as string[];
      if (!names.includes(name))
        throw new Failure(`Endpoint ${name} not found\n- What there is: ${names.join(', ') || 'none'}`);
      print(command, await client.get(`v1/endpoints/${encodeURIComponent(name)}`));
    });
}
