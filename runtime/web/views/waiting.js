/** Why a pod instance waits, agent by agent: asked for when somebody opens the pod, and again when its steps have changed. */
import { element, renderLines } from '../dom.js';
import { request } from '../request.js';

/** A view of a pod's item: `{ steps }` are those that are not complete; of others nothing is told. */
export function waitingView(pod) {
  const node = element('ul', { class: 'lines' });
  let asked = '';
  return {
    node,
    async update({ steps }) {
      const now = JSON.stringify(steps);
      if (now === asked) return;
      asked = now;
      const told = steps.length === 0 ? [] : await whyOf(pod);
      // Overtaken by newer steps.
      if (now !== asked) return;
      const wanted = told.filter(({ plan, step }) => steps.some((one) => one.plan === plan && one.name === step));
      renderLines(node, linesOf(wanted));
    },
  };
}

async function whyOf(pod) {
  try {
    const response = await request(`v1/pod/${encodeURIComponent(pod)}/why`);
    return response.ok ? (await response.json()).steps : [];
  } catch {
    // The page says by itself that the scheduler does not answer.
    return [];
  }
}

function linesOf(steps) {
  return steps.flatMap(({ plan, step, why, agents }) => [
    `${plan}, ${step}: ${why}`,
    ...agents.map(({ agent, text }) => `${agent}: ${text}`),
  ]);
}
