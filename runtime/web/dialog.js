/**
 * Asks before a command, or for a text. Promises that nothing happens without its button, that Escape and Cancel mean no, and that
 * focus goes back to where it was.
 */
import { element, setText } from './dom.js';

/** How a text is typed: one line that nobody should read over a shoulder, or several. */
const FIELDS = {
  secret: () => element('input', { type: 'password', autocomplete: 'off' }),
  lines: () => element('textarea', { rows: 4, spellcheck: 'false', autocapitalize: 'off' }),
};

let count = 0;

/**
 * Asks, then does `act(text)`; the dialog stays until that is done, and tells what went wrong.
 * `{ title, text: lines, items, field: { label, kind }, go, danger }`: `items` are listed, `field` asks for a text.
 * Resolves to what `act` resolved to; undefined when the answer was no.
 */
export function ask({ title, text, items = [], field, go, danger }, act) {
  const id = `dialog-${++count}`;
  const input = field && FIELDS[field.kind]();
  const error = element('p', { role: 'alert' });
  const cancel = element('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const submit = element('button', { type: 'submit', class: danger && 'danger' }, go);
  let answer;
  const onsubmit = async (event) => {
    event.preventDefault();
    submit.disabled = true;
    setText(error, '');
    try {
      answer = await act(input?.value);
      dialog.close();
    } catch (reason) {
      setText(error, reason.message);
    } finally {
      submit.disabled = false;
    }
  };
  const dialog = element(
    'dialog',
    { 'aria-labelledby': id },
    element(
      'form',
      { method: 'dialog', onsubmit },
      element('h2', { id }, title),
      ...text.map((line) => element('p', {}, line)),
      items.length > 0 ? element('ul', {}, ...items.map((item) => element('li', {}, item))) : undefined,
      field && element('label', {}, `${field.label} `, input),
      error,
      element('menu', {}, cancel, submit),
    ),
  );
  const opener = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  (input ?? cancel).focus();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(answer);
    });
  });
}

/** Asks until there is a text. */
export async function askForText(question) {
  for (;;) {
    const text = await ask(question, async (typed) => typed.trim());
    if (text) return text;
  }
}
