import { setImmediate as turn } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { inTurns } from '../../../runtime/api/turns.ts';

test('of many who ask at once a few are let in a turn, in the order of asking', async () => {
  const wait = inTurns();
  const letIn: number[] = [];
  for (let number = 0; number < 10; number++) wait({} as Request, {} as Response, () => void letIn.push(number));
  const seen: number[] = [];
  for (let turns = 0; turns < 4; turns++) {
    await turn();
    seen.push(letIn.length);
  }
  expect(seen).toEqual([4, 8, 10, 10]);
  expect(letIn).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('who asks when nobody waits is let in with the next turn', async () => {
  const wait = inTurns();
  for (let round = 0; round < 3; round++) {
    let isIn = false;
    wait({} as Request, {} as Response, () => {
      isIn = true;
    });
    await turn();
    expect(isIn).toBe(true);
  }
});
