// `npm run soak -- [--minutes 10] [--seed N]`: disturbs a service for so long and prints what came of it as a table.
import { register } from 'node:module';

register('../test/simulation/typescript.js', import.meta.url);
const { main } = await import('../test/soak/soak.ts');
process.exitCode = await main(process.argv.slice(2));
