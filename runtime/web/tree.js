/**
 * A branch of a tree, such as a plan, a phase, a step, or a pod: a line, and below it, when it is open, what can be done and its
 * parts. Promises to open by itself what comes to be in progress, and to close nothing that a person may be reading.
 */
import { buttons } from './buttons.js';
import { element, renderLines, renderList, setAttribute, setText } from './dom.js';
import { badge } from './status.js';
import { moment } from './time.js';

/**
 * The view of a branch; its item says
 * `{ name, status, note, progress: [done, all], times: [{ says, at }], why, verbs, lines, body, children, open }`.
 * `open`: it should be open now. `body` is a view that is updated with the item while it is open. All but the name may be absent.
 */
export function branch({ body } = {}) {
  const status = badge();
  const name = element('span', { class: 'name' });
  const note = element('span', { class: 'note' });
  const times = element('span', { class: 'times' });
  const meter = element('progress', { 'aria-hidden': 'true' });
  const progress = element('span', { class: 'count' });
  const why = element('span', { class: 'why' });
  const summary = element('summary', {}, name, status.node, meter, progress, note, times, why);
  const actions = element('div', { class: 'actions' });
  const lines = element('ul', { class: 'lines' });
  const children = element('ul', { class: 'tree' });
  const details = element('details', { ontoggle: inside }, summary, actions, lines, body?.node, children);
  const node = element('li', {}, details);
  let item;
  let wasOpen = false;

  function update(next) {
    item = next;
    setText(name, item.name);
    status.node.hidden = item.status === undefined;
    if (item.status !== undefined) status.update(item.status);
    setText(note, item.note ?? '');
    const [done, all] = item.progress ?? [];
    meter.hidden = all === undefined || done === all;
    if (!meter.hidden) {
      setAttribute(meter, 'max', all);
      setAttribute(meter, 'value', done);
    }
    setText(progress, all === undefined ? '' : `${done} of ${all}`);
    setText(why, item.why ?? '');
    renderList(
      times,
      item.times ?? [],
      ({ says }) => says,
      ({ says }) => timeView(says),
    );
    if (item.open && !wasOpen) details.open = true;
    wasOpen = item.open === true;
    inside();
  }

  /** Nobody sees what is closed, so it is not drawn. */
  function inside() {
    if (!details.open || item === undefined) return;
    buttons(actions, item.verbs ?? []);
    renderLines(lines, item.lines ?? []);
    body?.update(item);
    renderList(
      children,
      item.children ?? [],
      (child) => child.name,
      (child) => branch(child.view?.()),
    );
  }

  return { node, update };
}

function timeView(says) {
  const { node, update } = moment(says);
  return { node, update: ({ at }) => update(at) };
}
