/** Completion for bash. Promises file names where neither a command nor an option fits. */
import { type Place, valueOptions } from './places.ts';

export function bashScript(places: readonly Place[]): string {
  const steps = places
    .filter(({ ways }) => ways.length > 0)
    .map(({ ways, path }) => `      ${ways.join('|')}) at=${path} ;;`);
  const offers = places.map(({ path, commands, options }) => {
    const words = options.map(({ word }) => word).join(' ');
    return `    '${path}') commands='${commands.map(({ word }) => word).join(' ')}' options='${words}' ;;`;
  });
  return `# bash completion of mainstay: source it, or put it into /etc/bash_completion.d
_mainstay() {
  local at= commands= options= word=\${COMP_WORDS[COMP_CWORD]} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at/\${COMP_WORDS[i]}" in
${steps.join('\n')}
    esac
  done
  case $at in
${offers.join('\n')}
  esac
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD - 1]} in
    ${valueOptions(places).join('|')}) return ;;
  esac
  case $word in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$word")) ;;
  esac
}
complete -o default -F _mainstay mainstay`;
}
