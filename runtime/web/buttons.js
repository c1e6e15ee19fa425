/** Verbs as buttons. Promises that what has a question is done only after a second click, and that what came of it is said. */
import { ask } from './dialog.js';
import { element, renderList, setAttribute, setText } from './dom.js';
import { command } from './request.js';

/** Makes the children of `parent` the buttons of these verbs. Focus never falls on another verb than it was on. */
export function buttons(parent, verbs) {
  const hadFocus = parent.contains(document.activeElement);
  renderList(parent, verbs, ({ label }) => label, verbView);
  if (hadFocus && !parent.contains(document.activeElement)) parent.closest('details').querySelector('summary').focus();
}

function verbView() {
  let verb;
  const node = element('button', { type: 'button', onclick: () => run(verb) });
  return {
    node,
    update(next) {
      verb = next;
      setText(node, verb.label);
      // There are many buttons of a name; who only hears them shall know which is which.
      setAttribute(node, 'aria-label', `${verb.label} ${verb.what}`);
    },
  };
}

/** Asks if it has to, does it, and says what came of it. */
async function run({ label, what, path, question, body }) {
  const said = document.getElementById('said');
  const act = (text) => command(path, body?.(text));
  const name = `${label.replace(' …', '')} ${what}`;
  setText(said, '');
  try {
    const outcome = question ? await ask(question, act) : await act();
    if (outcome !== undefined) setText(said, `${name}: ${outcome}`);
  } catch (error) {
    setText(said, `${name}: ${error.message}`);
  }
}
