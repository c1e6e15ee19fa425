/** Completion for zsh. Promises file names where neither a command nor an option fits. */
import { type Offer, type Place, valueOptions } from './places.ts';

export function zshScript(places: readonly Place[]): string {
  const steps = places
    .filter(({ ways }) => ways.length > 0)
    .map(({ ways, path }) => `      ${ways.join('|')}) at=${path} ;;`);
  const offers = places.map(
    ({ path, commands, options }) => `    '${path}')
      commands=(${described(commands)})
      options=(${described(options)})
      ;;`,
  );
  return `#compdef mainstay
# zsh completion of mainstay: source it, or put it as _mainstay into a directory of $fpath
_mainstay() {
  local at= word
  local -a commands options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at/$word" in
${steps.join('\n')}
    esac
  done
  case $at in
${offers.join('\n')}
  esac
  case \${words[CURRENT-1]} in
    ${valueOptions(places).join('|')}) _files; return ;;
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    _describe option options
  elif (( \${#commands} )); then
    _describe command commands
  else
    _files
  fi
}
if [[ \${funcstack[1]} == _mainstay ]]; then _mainstay "$@"; else compdef _mainstay mainstay; fi`;
}

/** `'plan:look at the plans'` */
function described(offers: readonly Offer[]): string {
  return offers.map(({ word, about }) => `'${word}:${about.replaceAll("'", `'\\''`)}'`).join(' ');
}
