/** The election's sessions with ZooKeeper, where real servers cannot be made to fail at the right moment. */
import { expect, test } from 'vitest';
import type { ElectionAddress, OpenElectionSession, Outcome } from '../../../runtime/mesos/election.ts';
import { watchElection } from '../../../runtime/mesos/election.ts';
import { electedMaster } from '../../../runtime/mesos/leader.ts';

const address: ElectionAddress = { kind: 'zookeeper', servers: 'zk1:2181', path: '/mesos', scheme: 'http' };

/** Sessions in which this master leads. Each is opened as its row says: refused, ended at once, or kept; then it is kept. */
function sessions(...fates: ('refused' | 'ended')[]) {
  let open = 0;
  const ends: (() => void)[] = [];
  const openSession: OpenElectionSession = async ({ onEnd }) => {
    const fate = fates.shift();
    ends.push(() => onEnd(new Error('expired')));
    if (fate === 'refused') {
      // As a session does that ends before it is handed out.
      onEnd(new Error('nobody'));
      throw new Error('ZooKeeper at zk1:2181 did not answer within 10 s');
    }
    open += 1;
    const answers: unknown[] = [['json.info_0000000001'], Buffer.from('{"address":{"ip":"10.0.0.1","port":5050}}')];
    return {
      request: async <T>() => answers.shift() as T,
      close: async () => {
        open -= 1;
      },
    };
  };
  return { openSession, open: () => open, end: () => ends.at(-1)?.() };
}

/** All that is told until the leader is known. */
function watch(openSession: OpenElectionSession) {
  const told: Outcome[] = [];
  const election = watchElection(address, openSession, (outcome) => told.push(outcome));
  const leader = () => expect.poll(() => told.at(-1)).toEqual({ kind: 'leader', origin: 'http://10.0.0.1:5050' });
  return { told, election, leader };
}

test('a ZooKeeper that does not answer at first is asked until it does', async () => {
  const { told, leader } = watch(sessions('refused', 'refused').openSession);
  await leader();
  const silent = { kind: 'unknown', why: 'ZooKeeper at zk1:2181 did not answer within 10 s' };
  expect(told.slice(0, -1)).toEqual([silent, silent]);
});

test('after the end of a session the next one tells who leads', async () => {
  const { openSession, end } = sessions();
  const { told, leader } = watch(openSession);
  await leader();
  end();
  expect(told.at(-1)).toEqual({ kind: 'unknown', why: 'the session with ZooKeeper at zk1:2181 ended' });
  await leader();
});

test('closed in the middle of an attempt, it leaves no session open', async () => {
  const { openSession, open } = sessions();
  const { told, election } = watch(openSession);
  election.close();
  await expect.poll(open).toBe(0);
  expect(told).toEqual([]);
});

test('the end of a session, or what cannot be read, ends no subscription', async () => {
  const { openSession, end } = sessions();
  const masters = electedMaster(address, openSession);
  const ended = new AbortController().signal;
  const { deposed } = await masters.find(ended);
  end();
  expect((await masters.find(ended)).origin).toBe('http://10.0.0.1:5050');
  expect(deposed?.aborted).toBe(false);
});
