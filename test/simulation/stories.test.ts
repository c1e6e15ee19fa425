/** Every reference story, with the scheduler's death before and after every single commit and call. */
import { expect, test } from 'vitest';
import type { CrashPoint } from './scheduler.ts';
import { STORIES, tell } from './stories.ts';

test.each(STORIES.map((story) => [story.name, story] as const))('%s', { timeout: 120_000 }, async (_, story) => {
  const peace = await tell(story);
  const points: CrashPoint[] = [];
  for (const when of ['before', 'after'] as const) {
    for (let index = 1; index <= peace.commits; index++) points.push({ at: 'commit', when, index });
    for (let index = 1; index <= peace.calls; index++) points.push({ at: 'call', when, index });
  }
  expect(points.length).toBeGreaterThan(30);
  for (const crashPoint of points) {
    try {
      const { crashes } = await tell(story, crashPoint);
      expect(crashes).toBe(1);
    } catch (error) {
      throw new Error(`${JSON.stringify(crashPoint)}: ${(error as Error).message}`, { cause: error });
    }
  }
});
