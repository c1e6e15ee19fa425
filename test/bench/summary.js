/** What the samples of a case come to. Promises order statistics only: a mean would let one disturbed run speak for all. */

/** A 99th percentile of fewer samples is their maximum by another name. */
const LEAST_FOR_P99 = 100;

/** One row of the table and of `--json`; numbers in the case's unit, `runs` is how many were measured. */
export function summaryOf({ measured: { name, unit, better }, samples }) {
  const sorted = samples.toSorted((a, b) => a - b);
  const runs = sorted.length;
  return {
    name,
    unit,
    better,
    median: rounded((sorted[Math.floor((runs - 1) / 2)] + sorted[Math.ceil((runs - 1) / 2)]) / 2),
    min: rounded(sorted[0]),
    max: rounded(sorted[runs - 1]),
    ...(runs < LEAST_FOR_P99 ? {} : { p99: rounded(sorted[Math.ceil(runs * 0.99) - 1]) }),
    runs,
  };
}

/** To a tenth: finer than any of this repeats. */
function rounded(value) {
  return Math.round(value * 10) / 10;
}
