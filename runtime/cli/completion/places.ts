/**
 * The command tree as a shell needs it: the places that a command line can be at, and what may come next there. Promises to know no
 * more than the help does, so that a new verb is completed as soon as it exists.
 */
import type { Command, Option } from 'commander';

export interface Place {
  /** `/plan/show`; empty for the program itself. */
  readonly path: string;
  /** How it can be written behind the place above it: `/plan/show`, `/plan/status`. */
  readonly ways: readonly string[];
  readonly commands: readonly Offer[];
  readonly options: readonly OptionOffer[];
}

/** A word, and what the help says about it in a few words. */
export interface Offer {
  readonly word: string;
  readonly about: string;
}

export interface OptionOffer extends Offer {
  /** `-w` */
  readonly short?: string;
  /** The next word is its value. */
  readonly takesValue: boolean;
}

/** The program first, each command before the ones below it. */
export function placesOf(program: Command): Place[] {
  return placesBelow(program, '', []);
}

function placesBelow(command: Command, path: string, ways: readonly string[]): Place[] {
  const visible = command.createHelp().visibleCommands(command);
  const place: Place = {
    path,
    ways,
    commands: visible.map((sub) => ({ word: sub.name(), about: about(sub.summary() || sub.description()) })),
    options: command.createHelp().visibleOptions(command).map(offer),
  };
  const below = visible.flatMap((sub) => {
    const names = [sub.name(), ...sub.aliases()];
    return placesBelow(
      sub,
      `${path}/${sub.name()}`,
      names.map((name) => `${path}/${name}`),
    );
  });
  return [place, ...below];
}

function offer({ long, short, description, required, optional }: Option): OptionOffer {
  const word = long ?? short ?? '';
  return { word, about: about(description), takesValue: required || optional, ...(short && long ? { short } : {}) };
}

/** Shells show one line: what stands before the first colon, semicolon or bracket. */
function about(text: string): string {
  return text.split(/[:;(]/, 1)[0]!.trim();
}

/** Every option of the tree that takes a value, as it is written. */
export function valueOptions(places: readonly Place[]): string[] {
  const words = places.flatMap(({ options }) =>
    options.filter(({ takesValue }) => takesValue).flatMap(({ word, short }) => [word, ...(short ? [short] : [])]),
  );
  return [...new Set(words)].sort();
}
