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

export interface Operation {
  /** `GET` */
  readonly method: string;
  /** `/v1/plans/{plan}` */
  readonly path: string;
}

let known: readonly Operation[] | undefined;

/** All that is served, as the document has it. */
export function operations(): readonly Operation[] {
  known ??= readOperations();
  return known;
}

function readOperations(): Operation[] {
  const { paths } = JSON.parse(readFileSync(FILE, 'utf8')) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => key !== 'parameters')
      .map((method) => ({ method: method.toUpperCase(), path })),
  );
}
