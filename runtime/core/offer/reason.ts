/** Why an agent will not do, as data: the API, the CLI, the page and the log each print it their own way, none works it out again. */

/** One unmet need on one agent, for people: `cpus`, wanted `4`, had `2.5`. */
export interface Reason {
  readonly agent: string;
  readonly need: string;
  readonly wanted: string;
  readonly had: string;
}

export function reasonAt({ hostname }: { hostname: string }, need: string, wanted: string, had: string): Reason {
  return { agent: hostname, need, wanted, had };
}
