/** The numbers as the API serves them: taken anew for each who asks. */
import { jsonOf } from './json.ts';
import type { Snapshot } from './metrics.ts';
import { prometheusOf } from './prometheus.ts';

export interface Printed {
  /** For `JSON.stringify`. */
  json(): Promise<unknown>;
  /** The text format of Prometheus; only these names, or all if there are none. */
  prometheus(names: readonly string[]): Promise<string>;
}

export function printed(take: () => Promise<Snapshot>): Printed {
  return {
    json: async () => jsonOf(await take()),
    prometheus: async (names) => prometheusOf(await take(), names),
  };
}
