/**
 * The stream of documents (`v1/events`). Promises to come back by itself as often as it ends, and to say since when nothing was
 * heard; what it hands out after a break is everything anew.
 */
import { request } from './request.js';
import { setClock } from './time.js';

/** The scheduler says something every 10 s. */
const SILENCE_MS = 25_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * `onDocuments(documents)` gets the map of all documents by key, each time some changed; `onState(state)` gets `live`, or `lost`
 * with the moment when something was heard last: `{ kind: 'lost', heardAt }`; or `broken`, when what came cannot be shown.
 */
export async function follow({ onDocuments, onState }) {
  let heardAt = Date.now();
  let pause = FIRST_PAUSE_MS;
  for (;;) {
    try {
      const documents = new Map();
      for await (const text of messages(() => (heardAt = Date.now()))) {
        for (const [key, document] of Object.entries(JSON.parse(text))) {
          if (document === null) documents.delete(key);
          else documents.set(key, document);
        }
        onDocuments(documents);
        onState({ kind: 'live' });
        pause = FIRST_PAUSE_MS;
      }
    } catch (error) {
      // Everything that ends a connection is alike: it is tried again. What else goes wrong is the page's own fault, and told.
      onState({ kind: error instanceof ConnectionEnded ? 'lost' : 'broken', heardAt });
      if (!(error instanceof ConnectionEnded)) console.error(error);
    }
    await wait(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
}

class ConnectionEnded extends Error {}

/** The data of each event of one connection, whose end is thrown; `heard` is called whenever anything arrives. */
async function* messages(heard) {
  const abort = new AbortController();
  let watchdog;
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
  };
  try {
    alive();
    const response = await orEnded(request('v1/events', { signal: abort.signal }));
    if (!response.ok) throw new ConnectionEnded();
    setClock(response.headers.get('date'));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; ; ) {
      const { done, value } = await orEnded(reader.read());
      if (done) throw new ConnectionEnded();
      alive();
      heard();
      text += value;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        if (text.startsWith('data: ')) yield text.slice('data: '.length, end);
        text = text.slice(end + 2);
      }
    }
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

async function orEnded(promise) {
  try {
    return await promise;
  } catch {
    throw new ConnectionEnded();
  }
}

/** Over early when the page is looked at again, or the machine has its network back. */
function wait(ms) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    document.addEventListener('visibilitychange', done);
  });
}
