/**
 * What is to be said first: how the service is, and what needs a person. Promises one sentence that follows from the documents
 * alone, the gravest that is true.
 */

/** More notes than this are counted only. */
const NOTES = 6;

/** `{ tone, text, notes }`; each note is `{ tone, text }`. */
export function headlineOf(service, plans) {
  const notes = notesOf(plans);
  return { ...sentence(service, plans), notes: notes.slice(0, NOTES), more: Math.max(0, notes.length - NOTES) };
}

function sentence(service, plans) {
  const plan = (name) => plans.find((candidate) => candidate.name === name);
  const deploy = plan('deploy');
  if (service.uninstall === 'done') return { tone: 'good', text: 'The service is uninstalled.' };
  if (!service.connected) {
    return { tone: 'bad', text: 'Not connected to Mesos: what runs goes on, nothing new is started.' };
  }
  if (service.uninstall) return { tone: 'busy', text: `The service is being uninstalled: ${countText(deploy)}.` };
  if (plans.some(({ errors }) => errors.length > 0)) {
    return { tone: 'bad', text: 'The newest configuration was refused. The one before runs on.' };
  }
  const recovery = plan('recovery');
  if (recovery && recovery.status !== 'COMPLETE') {
    return { tone: 'slow', text: `Recovering: ${countText(recovery)}.` };
  }
  if (deploy?.status === 'WAITING') {
    return { tone: 'held', text: `The deployment is held and waits for you: ${countText(deploy)}.` };
  }
  if (deploy?.status === 'DELAYED') {
    return { tone: 'slow', text: `The deployment waits before it tries again: ${countText(deploy)}.` };
  }
  if (deploy && deploy.status !== 'COMPLETE') return { tone: 'busy', text: `Deploying: ${countText(deploy)}.` };
  const others = plans.filter(({ status }) => !['COMPLETE', 'WAITING', 'PENDING'].includes(status));
  if (others.length > 0) {
    return { tone: 'busy', text: `Everything is deployed. Running: ${others.map(({ name }) => name).join(', ')}.` };
  }
  return { tone: 'good', text: 'Everything is deployed and nothing waits.' };
}

/** The first steps of what is under way and does not come on, and whatever was refused. */
function notesOf(plans) {
  const errors = plans.flatMap((plan) => plan.errors.map((text) => ({ tone: 'bad', text })));
  const waiting = plans.flatMap((plan) => plan.phases.flatMap(({ steps }) => steps.flatMap(noteOf)));
  return [...errors, ...waiting];
}

/** None for a step that comes on, or whose turn will come. */
function noteOf({ name, status, why, until }) {
  if (status === 'PAUSED') return [{ tone: 'held', text: `${name} is paused by an operator` }];
  if (status === 'ERROR') return [{ tone: 'bad', text: `${name} is in error` }];
  if (until !== undefined) return [{ tone: 'slow', text: `${name} failed and waits for its next try` }];
  return why ? [{ tone: 'slow', text: `${name}: ${why}` }] : [];
}

/** `3 of 5 steps are complete` */
function countText(plan) {
  const [done, all] = countOf(plan?.phases ?? []);
  return `${done} of ${all} steps are complete`;
}

/** How many steps of these phases are complete, and how many there are. */
export function countOf(phases) {
  const steps = phases.flatMap((phase) => phase.steps);
  return [steps.filter(({ status }) => status === 'COMPLETE' || status === 'PAUSED').length, steps.length];
}
