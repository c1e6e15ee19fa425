/** Where clients of the service connect, to be copied. */
import { element, renderList, setText } from '../dom.js';
import { branch } from '../tree.js';

const list = document.querySelector('#endpoints > .tree');
const none = document.querySelector('#endpoints > .note');

export function showEndpoints(endpoints) {
  none.hidden = endpoints.length > 0;
  renderList(
    list,
    endpoints.map(item),
    ({ name }) => name,
    () => branch({ body: copiesView() }),
  );
}

/** The addresses of a port, or a text that the definition publishes. */
function item({ name, address = [], dns = [], vip, text }) {
  const copies = [
    { label: 'text', text },
    { label: 'addresses', text: address.join(',') },
    { label: 'DNS names', text: dns.join(',') },
    { label: 'virtual address', text: vip },
  ];
  return { name, note: vip ?? address[0] ?? '', copies: copies.filter((copy) => copy.text) };
}

function copiesView() {
  const node = element('ul', { class: 'copies' });
  return {
    node,
    update: ({ copies, name }) =>
      renderList(
        node,
        copies.map((copy) => ({ ...copy, name })),
        ({ label }) => label,
        copyView,
      ),
  };
}

function copyView({ label, name }) {
  const what = `${label} of ${name}`;
  const code = element('code');
  const button = element(
    'button',
    { type: 'button', 'aria-label': `Copy ${what}`, onclick: () => copy(what, code) },
    'Copy',
  );
  const node = element('li', {}, element('span', { class: 'note' }, label), code, button);
  return { node, update: ({ text }) => setText(code, text) };
}

/** Browsers give the clipboard to pages of https alone; others get the text selected and the old way to copy. */
async function copy(what, code) {
  getSelection().selectAllChildren(code);
  const copied = navigator.clipboard
    ? await navigator.clipboard.writeText(code.textContent).then(
        () => true,
        () => false,
      )
    : document.execCommand('copy');
  setText(document.getElementById('said'), copied ? `Copied ${what}.` : `Selected ${what}: copy them by hand.`);
}
