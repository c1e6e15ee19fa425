/** Numbers on the command line. Promises a message that says what is expected, never NaN. */
import { InvalidArgumentError } from 'commander';

/** Parser of a whole number between two bounds, for an option. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

export const port = wholeNumber(0, 65_535);
