/** The services that scenarios and the simulator run: the example frameworks, the whole way from their packages. */
import { fileURLToPath } from 'node:url';
import { loadService } from '../../runtime/packaging/load.ts';
import { printProblem } from '../../runtime/spec/problem.ts';
import type { ServiceSpec } from '../../runtime/spec/service.ts';

/** `frameworks/<name>` as its package configures it, with these variables on top. */
export async function specOf(name: string, env: Record<string, string>): Promise<ServiceSpec> {
  const path = fileURLToPath(new URL(`../../frameworks/${name}`, import.meta.url));
  const loaded = loadService({ path, processEnv: {}, overrides: env });
  if (!loaded.ok) throw new Error(loaded.problems.map(printProblem).join('\n'));
  return loaded.spec;
}
