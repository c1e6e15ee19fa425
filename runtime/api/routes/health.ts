/** `/v1/health`: the one number that Marathon and dashboards watch; the HTTP status is the message. */
import { plansOf } from '../../core/plan/plans.ts';
import { compact } from '../answer.ts';
import { healthOf } from '../bodies/health.ts';
import type { Route } from '../route.ts';

export const healthRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/health',
    duringUninstall: true,
    read: ({ service, state, now }, { query }) => {
      const { code, reasons } = healthOf(
        plansOf(service, state.session, now),
        service.uninstall ? 'uninstalling' : { frameworkId: state.frameworkId },
      );
      return compact(query.verbose === 'true' ? { value: code, reasons } : { value: code }, code);
    },
  },
];
