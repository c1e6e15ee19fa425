#!/usr/bin/env node
// Committed and executable, so that `npm ci` can link it before the first build. It only loads the build.
import { existsSync } from 'node:fs';

const main = new URL('../dist/bundle/entry.js', import.meta.url);
if (!existsSync(main)) {
  console.error('mainstay: not built yet; run `npm run build` in the repository first');
  process.exit(1);
}
await import(main.href);
