/**
 * The order of the runs. Promises that every round runs each subject once, so that what else the machine does falls on all of them
 * alike; never runs two at the same time.
 */

/**
 * Fills `samples` of each subject with the numbers of `runs` runs. Round 0 warms caches up and is not counted; the rounds go
 * forwards and backwards in turns, so that of two compared subjects neither is always the first.
 */
export async function measure(subjects, runs, runOnce) {
  for (let round = 0; round <= runs; round++) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) {
      const sample = await runOnce(subject, round);
      if (round > 0) subject.samples.push(sample);
    }
  }
}
