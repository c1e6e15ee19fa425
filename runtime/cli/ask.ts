/** Verbs that are one question and its answer. Promises to print what the scheduler said, and to add nothing. */
import type { Command } from 'commander';
import { clientOf, type OperatorOptions, operatorVerb, print, printAnswer, type Verb } from './operator.ts';

export interface Question extends Verb {
  /** As commander writes it: `<id>`. Absent: the verb takes none. */
  readonly argument?: readonly [string, string];
  readonly method?: 'get' | 'put';
  /** The answer is any text, not JSON. */
  readonly plain?: true;
  /** Relative to the scheduler; the argument is percent-encoded already. */
  readonly path: (argument: string) => string;
}

export function questionVerb(group: Command, question: Question): void {
  const { argument, method = 'get', plain, path } = question;
  const command = operatorVerb(group, question);
  if (argument) command.argument(...argument);
  command.action(async () => {
    const options = command.opts<OperatorOptions>();
    const body = await clientOf(command)[method](path(encodeURIComponent(command.args[0] ?? '')));
    if (plain) print(command, body);
    else await printAnswer(command, body, options);
  });
}
