/** What became of the last offers: counts, what was missing most, and the newest decisions. */
import { element, renderLines, renderList, setAttribute, setText } from '../dom.js';
import { signOf } from '../status.js';
import { moment } from '../time.js';

const section = document.getElementById('offers');
const [counts, needs, newest] = ['p', 'ul', 'ol'].map((name) => section.querySelector(name));

export function showOffers(offers) {
  setText(counts, `Since the scheduler started: ${offers.placed} steps placed, ${offers.refused} refusals by agents.`);
  renderLines(
    needs,
    offers.needs.map(({ need, count }) => `${need}: not met ${count}×`),
  );
  renderList(newest, offers.newest, ({ at, plan, step }) => `${at} ${plan} ${step}`, evaluationView);
}

function evaluationView() {
  const time = moment('ago');
  const sign = element('span');
  const text = element('span');
  const node = element('li', {}, sign, ' ', text, ' ', time.node);
  return {
    node,
    update({ at, plan, step, agent, missing }) {
      time.update(at);
      const tone = agent ? 'good' : 'slow';
      setAttribute(sign, 'data-tone', tone);
      setText(sign, signOf(tone));
      setText(
        text,
        `${step} (${plan}): ${agent ? `placed on ${agent}` : `no place: ${missing.join('; ') || 'no offers'}`}`,
      );
    },
  };
}
