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
    () => branch({ body: addressesView() }),
  );
}

function item({ name, address, dns, vip }) {
  const addresses = [
    { label: 'addresses', text: address.join(',') },
    { label: 'DNS names', text: dns.join(',') },
    ...(vip ? [{ label: 'virtual address', text: vip }] : []),
  ];
  return { name, note: vip ?? address[0] ?? '', addresses };
}

function addressesView() {
  const node = element('ul', { class: 'copies' });
  return { node, update: ({ addresses }) => renderList(node, addresses, ({ label }) => label, addressView) };
}

function addressView({ label }) {
  const code = element('code');
  const button = element('button', { type: 'button', onclick: () => copy(code, button) }, 'Copy');
  button.setAttribute('aria-label', `Copy ${label}`);
  const node = element('li', {}, element('span', { class: 'note' }, label), code, button);
  return { node, update: ({ text }) => setText(code, text) };
}

/** Browsers give the clipboard to pages of https alone; others get the text selected and the old way to copy. */
async function copy(code, button) {
  getSelection().selectAllChildren(code);
  const copied = navigator.clipboard
    ? await navigator.clipboard.writeText(code.textContent).then(
        () => true,
        () => false,
      )
    : document.execCommand('copy');
  setText(document.getElementById('said'), copied ? `Copied: ${code.textContent}` : 'Selected: copy it by hand.');
  button.focus();
}
