/**
 * The reader of svc.yml by itself, again and again in this process. Promises that each round goes the whole way from the text to the
 * spec and finds no mistake.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definitionOf, environment } from './definition.js';

const ROUNDS = 50;
/** Until the engine has optimised what is hot. */
const WARM_UP = 50;

/** Milliseconds of each round in which a definition of so many pods is rendered, checked and built. */
export async function readingRounds({ checkout }, pods) {
  const { parseService } = await import(pathToFileURL(join(checkout, 'dist/bundle/spec.js')).href);
  const source = { file: 'svc.yml', text: definitionOf(pods) };
  const times = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const startedAt = performance.now();
    const read = parseService(source, environment);
    const elapsed = performance.now() - startedAt;
    if (!read.ok) throw new Error(JSON.stringify(read.problems[0]));
    if (round >= WARM_UP) times.push(elapsed);
  }
  return times;
}
