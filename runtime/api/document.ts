/** `/v1/openapi.json`: the description of all routes. Promises the file that the build made of `schema/openapi.yaml`, read when asked. */
import { readFileSync } from 'node:fs';
import type { Route } from './route.ts';

/** One folder above in the sources, in the build and in the bundle. */
const FILE = new URL('../openapi.json', import.meta.url);

export const documentRoute: Route = {
  method: 'GET',
  path: '/v1/openapi.json',
  duringUninstall: true,
  read: () => ({ status: 200, type: 'application/json', body: readFileSync(FILE, 'utf8') }),
};
