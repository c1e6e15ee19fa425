/** Moments as people say them. Promises the scheduler's clock, however wrong the browser's is. */
import { element, setAttribute, setText } from './dom.js';

/** The scheduler's clock is ahead of this one by so many milliseconds. */
let ahead = 0;

/** `date`: what the scheduler called now, in an HTTP header. */
export function setClock(date) {
  const told = Date.parse(date ?? '');
  if (!Number.isNaN(told)) ahead = told - Date.now();
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** `3 min`, `2 h`; milliseconds, and none is less than 0. */
export function duration(ms) {
  const unit = UNITS.find(([, length]) => ms >= length);
  return unit ? `${Math.floor(ms / unit[1])} ${unit[0]}` : `${Math.max(0, Math.floor(ms / 1000))} s`;
}

/** A view of a moment: `for 3 min`, or `in 12 s`. It counts by itself. */
export function moment(says) {
  const node = element('time', { 'data-says': says });
  return {
    node,
    update(at) {
      const date = new Date(at);
      setAttribute(node, 'datetime', date.toISOString());
      setAttribute(node, 'title', date.toLocaleString());
      tell(node);
    },
  };
}

function tell(node) {
  const past = Date.now() + ahead - Date.parse(node.dateTime);
  const { says } = node.dataset;
  setText(
    node,
    says === 'in' ? `in ${duration(-past)}` : says === 'ago' ? `${duration(past)} ago` : `for ${duration(past)}`,
  );
}

/** Moments of the page count on. */
export function startClock() {
  setInterval(() => {
    for (const node of document.querySelectorAll('time[datetime]')) tell(node);
  }, 1000);
}
