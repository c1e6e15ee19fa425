/** Finds the shortest history that still breaks the same rule: leaves actions out, many at once first, as long as it does. */
import type { History } from './history.ts';

/** `breaks` says whether a history still breaks the rule. Tries at most so often. */
export async function shrink(
  history: History,
  breaks: (history: History) => Promise<boolean>,
  tries = 150,
): Promise<History> {
  let shortest = history;
  let left = tries;
  const accepts = async (candidate: History) => {
    if (left-- <= 0 || !(await breaks(candidate))) return false;
    shortest = candidate;
    return true;
  };
  if (history.uninstall) await accepts({ ...shortest, uninstall: false });
  if (history.smallTransactions) await accepts({ ...shortest, smallTransactions: false });
  if (history.backoff) await accepts({ ...shortest, backoff: false });
  for (let size = Math.ceil(shortest.actions.length / 2); size >= 1 && left > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < shortest.actions.length; ) {
      const { actions } = shortest;
      const dropped = actions.slice(at, at + size).reduce((sum, action) => sum + action.after, 0);
      const next = actions[at + size];
      // What follows still happens when it did.
      const rest = next ? [{ ...next, after: next.after + dropped }, ...actions.slice(at + size + 1)] : [];
      if (!(await accepts({ ...shortest, actions: [...actions.slice(0, at), ...rest] }))) at += size;
    }
  }
  return shortest;
}

/** The history in words, one action a line. */
export function historyText(history: History): string {
  let at = history.peaceMs;
  const lines = history.actions.map((action) => {
    at += action.after;
    return `  ${(at / 1000).toFixed(1).padStart(7)} s  ${action.kind}`;
  });
  return [
    `  seed ${history.seed}, service ${history.service}${history.backoff ? ', with back-off' : ''}${history.smallTransactions ? ', with small transactions' : ''}`,
    ...lines,
    ...(history.uninstall ? ['   at last  uninstall'] : []),
  ].join('\n');
}
