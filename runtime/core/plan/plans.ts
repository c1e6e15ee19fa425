/**
 * All plans of a service in their order of precedence, made anew from what is known now. Promises that placing, showing and
 * commanding see the same plans, and that recovery leaves alone what deploy works on.
 */
import type { Service, Session } from '../state.ts';
import { deployPlan } from './deploy.ts';
import { planOf } from './intent.ts';
import { onDemandPlans } from './ondemand.ts';
import { candidateSteps, type Plan } from './plan.ts';
import { recoveryPlan } from './recovery.ts';
import { decommissionPlan, surplus, uninstallPlan } from './removal.ts';

/** deploy, recovery, decommission (when there is something to remove), then the plans on demand; only `deploy` in an uninstall. */
export function plansOf(service: Service, session: Session, now: number): Plan[] {
  const finished = (draft: Parameters<typeof planOf>[0]) => planOf(draft, service.intents, service.targetId);
  if (service.uninstall) return [finished(uninstallPlan(service, session))];
  const deploy = finished(deployPlan(service, session, now));
  const leaving = surplus(service);
  const busyOf = () => new Set([...candidateSteps(deploy).map((step) => step.pod), ...leaving]);
  const recovery = finished(recoveryPlan(service, session, busyOf, now));
  const decommission = decommissionPlan(service, session, leaving);
  return [
    deploy,
    recovery,
    ...(decommission ? [finished(decommission)] : []),
    ...onDemandPlans(service, session, now).map(finished),
  ];
}
