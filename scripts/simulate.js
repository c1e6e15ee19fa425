// `npm run simulate -- [--seeds 300] [--from 1] [--seed N]`: plays histories on all cores and prints what came of them as a table.
import { register } from 'node:module';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

register('../test/simulation/typescript.js', import.meta.url);

if (isMainThread) {
  const { simulate } = await import('../test/simulation/simulate.ts');
  process.exitCode = await simulate(process.argv.slice(2), () => new Worker(new URL(import.meta.url)));
} else {
  const { playAsked } = await import('../test/simulation/simulate.ts');
  await playAsked(parentPort);
}
