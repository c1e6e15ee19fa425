/** One row of the catalogue of mistakes: code, sentence and fix. Promises stable codes; never formats or places anything. */
import type { Finding } from '../problem.ts';

type Words = readonly (string | undefined)[];

/** Makes the finding of a mistake out of the words that its sentence and its fix need. */
export function row<A extends Words>(
  code: string,
  sentence: (...args: A) => string,
  remedy?: (...args: A) => string | undefined,
) {
  return (...args: A): Finding => {
    const fix = remedy?.(...args);
    return { code, message: sentence(...args), ...(fix ? { remedy: fix } : {}) };
  };
}

/** The remedy for a word that is almost another. */
export function meant(word: string | undefined): string | undefined {
  return word ? `did you mean ${word}?` : undefined;
}
