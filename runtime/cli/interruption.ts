/** The wish to end: Ctrl-C, a closed terminal, or SIGTERM. Promises that asking twice ends the process at once. */

/** Resolves when the process is asked to end; asked again, it ends at once and the cluster's reaper ends the tasks. */
export function interruption(): Promise<'interrupted'> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve('interrupted');
      });
    }
  });
}
