/** The stored configurations: the target, the earlier ones that tasks still run on, and what the target changed. */
import { element, renderList, setText } from '../dom.js';
import { branch } from '../tree.js';

const list = document.querySelector('#configurations > .tree');

export function showConfigurations(configurations) {
  renderList(
    list,
    configurations.map(item),
    ({ name }) => name,
    () => branch({ body: changesView() }),
  );
}

function item({ id, isTarget, tasks, changes }) {
  const count = `${tasks} task${tasks === 1 ? '' : 's'}`;
  if (isTarget) return { name: id, note: `the target, ${count}`, changes };
  const lines = [`From it to the target ${changes.length} field${changes.length === 1 ? '' : 's'} changed.`];
  return { name: id, note: `earlier, ${count}`, lines, changes };
}

function changesView() {
  const body = element('tbody');
  const head = element(
    'tr',
    {},
    ...['Field', 'Earlier', 'Target'].map((text) => element('th', { scope: 'col' }, text)),
  );
  const table = element('table', {}, element('thead', {}, head), body);
  const node = element(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Changed fields' },
    table,
  );
  return {
    node,
    update({ changes }) {
      node.hidden = changes.length === 0;
      renderList(body, changes, ({ path }) => path, changeView);
    },
  };
}

function changeView() {
  const path = element('th', { scope: 'row' });
  const from = element('td', { 'data-tone': 'bad' });
  const to = element('td', { 'data-tone': 'good' });
  const node = element('tr', {}, path, from, to);
  return {
    node,
    update(change) {
      setText(path, change.path);
      setText(from, change.from === undefined ? 'absent' : `− ${change.from}`);
      setText(to, change.to === undefined ? 'absent' : `+ ${change.to}`);
    },
  };
}
