import { expect, test } from 'vitest';
import { fromStored, toStored } from '../../../runtime/spec/stored/service.ts';
import { samples } from './corpus.ts';

/** Else a restart of the scheduler would take its own definition for a changed one. */
test.each(samples('valid').map((sample) => [sample.name, sample] as const))(
  '%s is stored without loss',
  (_, sample) => {
    const read = sample.parse();
    if (!read.ok) throw new Error('a valid definition');
    expect(fromStored(JSON.parse(JSON.stringify(toStored(read.spec))))).toStrictEqual(read.spec);
  },
);
