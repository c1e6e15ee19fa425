/** What a status is to a person: its tone and its sign. Promises that no status is told by colour alone: the word is always there. */
import { element, setAttribute, setText } from './dom.js';

const TONES = {
  good: ['COMPLETE', 'RUNNING', 'FINISHED'],
  busy: ['IN_PROGRESS', 'PREPARED', 'STARTING', 'STARTED', 'STAGING', 'KILLING', 'DECOMMISSIONING'],
  held: ['WAITING', 'PAUSED', 'PAUSING', 'DECOMMISSIONED'],
  slow: ['DELAYED', 'LOST', 'UNREACHABLE', 'UNKNOWN', 'KILLED'],
  bad: ['ERROR', 'FAILED', 'DROPPED', 'GONE', 'GONE_BY_OPERATOR'],
};

const SIGNS = { good: '✓', busy: '▸', held: '‖', slow: '!', bad: '✗', idle: '·' };

const TONE_OF = new Map(Object.entries(TONES).flatMap(([tone, statuses]) => statuses.map((status) => [status, tone])));

/** `idle` is what has not begun. */
export function toneOf(status) {
  return TONE_OF.get(status) ?? 'idle';
}

export function signOf(tone) {
  return SIGNS[tone];
}

/** A view of a status: its sign and its word. */
export function badge() {
  const sign = element('span', { 'aria-hidden': 'true' });
  const word = element('span');
  const node = element('span', { class: 'badge' }, sign, ' ', word);
  return {
    node,
    update(status) {
      const tone = toneOf(status);
      setAttribute(node, 'data-tone', tone);
      setText(sign, SIGNS[tone]);
      setText(word, status);
    },
  };
}
