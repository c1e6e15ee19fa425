/**
 * The health of the service as one HTTP code, with private meanings below 400 so that Mesos' checks stay green (http-api 7).
 * Promises the field's order of precedence; 206 and 326 are reserved there and never given.
 */
import { isRunning, type Plan, type StepStatus } from '../../core/plan/plan.ts';

export interface Health {
  readonly code: number;
  /** One sentence a condition, in the field's order: what `verbose` adds. */
  readonly reasons: readonly string[];
}

/** A condition's code when it holds, and what to say of it. */
interface Finding {
  readonly code: number | undefined;
  readonly reason: string;
}

/** What Mesos knows of us: the framework id that it gave, if it did; nothing that counts once the service is taken down. */
export type Registration = { readonly frameworkId: string | undefined } | 'uninstalling';

/** `plans` has `deploy`, and `recovery` but for an uninstall. */
export function healthOf(plans: readonly Plan[], registered: Registration): Health {
  const deploy = plans.find((plan) => plan.name === 'deploy');
  const recovery = plans.find((plan) => plan.name === 'recovery');
  const errors = errorsIn(plans);
  const initializing = registration(registered);
  const waiting = waitingForUser(deploy);
  const complete = completion(deploy);
  const deploying = progress(deploy, DEPLOYING);
  const recovering =
    recovery?.status === 'COMPLETE'
      ? not('Priority 4. Status Code 203 and 205 is FALSE. Recovery plan is complete.')
      : progress(recovery, RECOVERING);
  const backup = running(plans, 320, 'backup', /back/);
  const restore = running(plans, 321, 'restore', /restor/);

  const first = [errors, initializing, deploying, waiting, recovering, complete].find((finding) => finding.code);
  // A service that runs may be doing one thing more.
  const code = first === complete ? (restore.code ?? backup.code ?? complete.code) : first?.code;
  const reasons = [
    ...[errors, initializing, waiting, complete, deploying].map((finding) => finding.reason),
    'Priority 3. Status Code 206 is FALSE, Not implemented yet.',
    recovering.reason,
    backup.reason,
    restore.reason,
    'Priority 6. Status Code 326 is FALSE, Not implemented yet.',
  ];
  return { code: code ?? 503, reasons };
}

function not(reason: string): Finding {
  return { code: undefined, reason };
}

function errorsIn(plans: readonly Plan[]): Finding {
  const names = plans.filter((plan) => plan.status === 'ERROR').map((plan) => plan.name);
  if (names.length === 0) return not('Priority 1. Status Code 500 is FALSE. No errors found in plans.');
  return { code: 500, reason: `Priority 1. Status Code 500 is TRUE. Errors found in plans: ${names.join(', ')}` };
}

function registration(registered: Registration): Finding {
  if (registered === 'uninstalling') {
    return { code: 318, reason: 'Priority 1. Status Code 318 is TRUE. The service is being uninstalled.' };
  }
  const { frameworkId } = registered;
  if (frameworkId) return not(`Priority 1. Status Code 318 is FALSE. Registered with Framework ID ${frameworkId}.`);
  return { code: 318, reason: 'Priority 1. Status Code 318 is TRUE. Not registered with Mesos yet.' };
}

function waitingForUser(deploy: Plan | undefined): Finding {
  if (deploy?.status === 'WAITING' || counts(deploy).WAITING > 0) {
    return { code: 207, reason: 'Priority 2. Status Code 207 is TRUE. Service deploy plan needs user input.' };
  }
  return not('Priority 2. Status Code 207 is FALSE. Service deploy plan does NOT need user input.');
}

function completion(deploy: Plan | undefined): Finding {
  if (deploy?.status === 'COMPLETE') {
    return { code: 200, reason: 'Priority 1. Status Code 200 is TRUE. Service deploy plan is complete.' };
  }
  return not('Priority 1. Status Code 200 is FALSE. Service deploy plan is NOT complete.');
}

const DEPLOYING = { priority: 2, pending: 204, starting: 202 };
const RECOVERING = { priority: 4, pending: 203, starting: 205 };

/** How far the steps of a plan are: held back, looking for a place, or starting. */
function progress(plan: Plan | undefined, codes: typeof DEPLOYING): Finding {
  const count = counts(plan);
  const { priority, pending, starting } = codes;
  const steps =
    `Steps: Total(${Object.values(count).reduce((sum, n) => sum + n, 0)}) Pending(${count.PENDING}) ` +
    `Prepared(${count.PREPARED}) Starting(${count.STARTING}) Started(${count.STARTED}) ` +
    `Completed(${count.COMPLETE}) Delayed(${count.DELAYED})`;
  const holds = (code: number, rank = priority): Finding => ({
    code,
    reason: `Priority ${rank}. Status Code ${code} is TRUE, ${steps}`,
  });
  if (count.DELAYED > 0) return holds(208, 1);
  if (count.PENDING + count.PREPARED > 0) return holds(pending);
  if (count.STARTING + count.STARTED > 0) return holds(starting);
  return not(`Priority ${priority}. Status Code ${pending} and ${starting} are both FALSE ${steps}`);
}

/** Whether a plan whose name says that it is of this kind is running. */
function running(plans: readonly Plan[], code: number, kind: string, name: RegExp): Finding {
  const all = plans.filter((plan) => name.test(plan.name));
  const busy = all.filter((plan) => isRunning(plan.status));
  const names = (list: readonly Plan[]) => list.map((plan) => plan.name).join(', ');
  const text = `Priority 5. Status Code ${code} is`;
  if (all.length === 0) return not(`${text} FALSE. No ${kind} plans detected.`);
  if (busy.length === 0) return not(`${text} FALSE. Following ${kind} plans not running: ${names(all)}`);
  return { code, reason: `${text} TRUE. Following ${kind} plans running: ${names(busy)}` };
}

function counts(plan: Plan | undefined): Record<StepStatus, number> {
  const count = { ERROR: 0, WAITING: 0, PENDING: 0, PREPARED: 0, STARTING: 0, STARTED: 0, DELAYED: 0, COMPLETE: 0 };
  for (const step of plan?.phases.flatMap((phase) => phase.steps) ?? []) count[step.status]++;
  return count;
}
