/** Why a pod instance waits, agent by agent: asked for when somebody opens the pod, and again when its steps have changed. */
import { element, renderList, setText } from '../dom.js';
import { request } from '../request.js';

/** A view of a pod's item: `{ steps }` are those that are not complete. */
export function waitingView(pod) {
  const node = element('ul', { class: 'lines' });
  let asked = '';
  return {
    node,
    async update({ steps }) {
      const now = JSON.stringify(steps);
      if (now === asked) return;
      asked = now;
      renderList(node, steps.length === 0 ? [] : linesOf(await whyOf(pod)), (line) => line, lineView);
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

function lineView(line) {
  const node = element('li');
  return { node, update: () => setText(node, line) };
}
