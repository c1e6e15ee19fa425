/** All routes of the API, in the order in which they are tried. Promises the table alone: `app.ts` serves it. */
import { documentRoute } from './document.ts';
import type { Route } from './route.ts';
import { artifactRoutes } from './routes/artifacts.ts';
import { configurationRoutes } from './routes/configurations.ts';
import { debugRoutes } from './routes/debug.ts';
import { endpointRoutes } from './routes/endpoints.ts';
import { fileRoutes } from './routes/files.ts';
import { healthRoutes } from './routes/health.ts';
import { olderRoutes } from './routes/older.ts';
import { planCommandRoutes } from './routes/plan-commands.ts';
import { planRoutes } from './routes/plans.ts';
import { podRoutes } from './routes/pods.ts';
import { stateRoutes } from './routes/state.ts';
import { whyRoutes } from './routes/why.ts';
import { zoneRoutes } from './routes/zones.ts';

export const ROUTES: readonly Route[] = [
  ...healthRoutes,
  ...planRoutes,
  ...planCommandRoutes,
  ...podRoutes,
  ...whyRoutes,
  ...endpointRoutes,
  ...stateRoutes,
  ...fileRoutes,
  ...zoneRoutes,
  ...configurationRoutes,
  ...artifactRoutes,
  ...debugRoutes,
  ...olderRoutes,
  documentRoute,
];
