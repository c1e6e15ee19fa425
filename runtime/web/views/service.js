/** The head of the page: which service, how it is, and whether what is shown is so now. */
import { element, renderList, setAttribute, setText } from '../dom.js';
import { headlineOf } from '../headline.js';
import { signOf } from '../status.js';
import { duration } from '../time.js';

const at = (id) => document.getElementById(id);

export function showService(service, plans) {
  const { tone, text, notes, more } = headlineOf(service, plans);
  setText(at('name'), service.name);
  setText(at('headline'), `${signOf(tone)} ${text}`);
  setAttribute(at('headline'), 'data-tone', tone);
  document.title = `${signOf(tone)} ${service.name} – Mainstay`;
  const rest = more > 0 ? [{ tone: 'idle', text: `and ${more} more, below` }] : [];
  renderList(at('notes'), [...notes, ...rest], (note) => note.text, noteView);
  setText(
    at('facts'),
    [
      `framework ${service.frameworkId ?? 'not registered yet'}`,
      service.targetId ? `target configuration ${service.targetId}` : '',
    ]
      .filter(Boolean)
      .join(' · '),
  );
}

function noteView() {
  const node = element('li');
  return {
    node,
    update({ tone, text }) {
      setAttribute(node, 'data-tone', tone);
      setText(node, `${signOf(tone)} ${text}`);
    },
  };
}

let counting;

/** Live, lost since a moment (that is counted on), or not to be read by a page as old as this. */
export function showConnection({ kind, heardAt }) {
  clearInterval(counting);
  const line = at('connection');
  setAttribute(line, 'data-tone', kind === 'live' ? 'good' : 'bad');
  if (kind === 'live') return setText(line, 'live');
  if (kind === 'broken') return setText(line, 'this page cannot show what the scheduler tells: load it again');
  // The words are told once; a screen reader is spared the counting.
  const seen = line.querySelector('span') ?? element('span', { 'aria-live': 'off' });
  if (!seen.isConnected) line.replaceChildren('connection lost, last seen ', seen, ' ago; trying again');
  const count = () => setText(seen, duration(Date.now() - heardAt));
  count();
  counting = setInterval(count, 1000);
}
