/** The machines of an embedded cluster: as many ordinary ones as asked for, or those of a file. Promises a file's mistake in words. */
import { readFile } from 'node:fs/promises';
import type { ClusterOptions } from '../cluster/cluster.ts';
import { Failure } from './failure.ts';

/** Rejects with a Failure when the file cannot be read or understood. */
export async function machinesOf(options: {
  readonly agents: number;
  readonly agentsFile?: string;
}): Promise<Pick<ClusterOptions, 'agents' | 'domain'>> {
  const { agents, agentsFile } = options;
  if (agentsFile === undefined) return { agents };
  // Its libraries are for those who have a file.
  const { readMachines } = await import('../cluster/machine-file.ts');
  try {
    return readMachines(await readFile(agentsFile, 'utf8'));
  } catch (error) {
    throw new Failure(`${agentsFile}: ${(error as Error).message}`);
  }
}
