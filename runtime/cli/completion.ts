/** `mainstay completion`: what makes a shell complete commands and options. Promises a script for each of the three shells, from one tree. */
import { Argument, type Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { fishScript } from './completion/fish.ts';
import { placesOf } from './completion/places.ts';
import { zshScript } from './completion/zsh.ts';
import { print } from './operator.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };

const HELP = `
Examples:
  mainstay completion bash > /etc/bash_completion.d/mainstay
  mainstay completion zsh > ~/.zsh/completions/_mainstay    # a directory of $fpath
  mainstay completion fish > ~/.config/fish/completions/mainstay.fish
  source <(mainstay completion bash)                        # for this shell only`;

export function completionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a script that makes a shell complete commands and options')
    .addArgument(new Argument('<shell>', 'bash, zsh or fish').choices(Object.keys(SCRIPTS)))
    .addHelpText('after', HELP)
    .action((shell: keyof typeof SCRIPTS, _options: object, command: Command) => {
      print(command, SCRIPTS[shell](placesOf(program)));
    });
}
