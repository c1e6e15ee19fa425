// npm runs this after an install. With development packages it builds; a production install brings dist/ and needs no build.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const has = (name) => {
  try {
    require.resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
};

if (has('typescript') && has('protobufjs-cli') && has('rolldown')) await import('./build.js');
else if (!existsSync(new URL('../dist/bundle/entry.js', import.meta.url))) {
  console.error('mainstay: there is no build in dist/, and the development packages that make one are not installed.');
  console.error('mainstay: run `npm ci` without --omit=dev once, then install for production from that tree.');
  process.exit(1);
}
