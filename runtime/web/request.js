/**
 * What is asked of the scheduler. Promises paths relative to the page, which may be served below a prefix; and that a token is asked
 * for once, kept as long as the tab, and shown to nobody but the scheduler.
 */
import { askForText } from './dialog.js';

const TOKEN = 'mainstay-token';

/** A request with the token, if there is one. Answered 401, it is sent again with the token that was then given. */
export async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(TOKEN);
    const headers = { ...options.headers, ...(token ? { 'Mainstay-Token': token } : {}) };
    const response = await fetch(path, { ...options, headers, cache: 'no-store', redirect: 'error' });
    if (response.status !== 401) return response;
    await newToken(token);
  }
}

/** Several requests that are refused at once ask one question. */
let asking;

function newToken(refused) {
  if (sessionStorage.getItem(TOKEN) !== refused) return Promise.resolve();
  asking ??= askForText({
    title: 'This scheduler wants a token',
    text: refused ? ['It does not know the one that you gave.'] : ['It is kept in this tab until you close it.'],
    field: { label: 'Token', kind: 'secret' },
    go: 'Use it',
  }).then((token) => {
    asking = undefined;
    sessionStorage.setItem(TOKEN, token);
  });
  return asking;
}

/** A command. Resolves to what to tell the operator; rejects with an error that says what went wrong. */
export async function command(path, body) {
  const options =
    body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await request(path, { method: 'POST', ...options }).catch(() => {
    throw new Error('The scheduler does not answer. It may have been done: look before you try again.');
  });
  if (response.status === 208) return 'It was so already.';
  if (response.ok) return 'Done.';
  const text = (await response.text()).trim();
  if (response.status === 403) throw new Error(text || 'Your token may look, but not command.');
  throw new Error(text || `The scheduler answered with ${response.status}.`);
}
