/** Completion for fish. Promises file names only behind commands that have none below them. */
import type { Place } from './places.ts';

export function fishScript(places: readonly Place[]): string {
  const steps = places
    .filter(({ ways }) => ways.length > 0)
    .map(({ ways, path }) => `      case ${ways.join(' ')}\n        set at ${path}`);
  return `# fish completion of mainstay: put it into ~/.config/fish/completions/mainstay.fish
function __mainstay_at
  set -l at ''
  set -l words (commandline -opc)
  for word in $words[2..]
    switch "$at/$word"
${steps.join('\n')}
    end
  end
  test "$at" = "$argv[1]"
end
${places.flatMap(offersAt).join('\n')}`;
}

function offersAt({ path, commands, options }: Place): string[] {
  const start = `complete -c mainstay -n '__mainstay_at "${path}"'`;
  return [
    ...commands.map(({ word, about }) => `${start} -f -a ${word} -d ${quoted(about)}`),
    ...options.map(({ word, short, about, takesValue }) => {
      const names = `-l ${word.replace(/^--/, '')}${short ? ` -s ${short.slice(1)}` : ''}`;
      return `${start} ${names}${takesValue ? ' -r' : ''} -d ${quoted(about)}`;
    }),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
