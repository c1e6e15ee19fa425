/** Which recordings are replayed against the master, how far, and what befell their agents meanwhile. */
import type { ReplayOptions } from './replay.ts';

export interface Recording extends ReplayOptions {
  name: string;
  /** Replayed up to here, and why no further. */
  until?: { step: number; why: string };
}

/** By the recorder's notes; when an agent is back, the offers tell. Agents are numbered by their ids. */
export const recordings: readonly Recording[] = [
  { name: '01-subscribe' },
  { name: '02-stateful-launch' },
  { name: '03-launch-groups' },
  { name: '04-exit-codes' },
  { name: '05a-kill' },
  { name: '05b-kill-with-killing-state' },
  { name: '06-health-and-checks' },
  { name: '07-acknowledgement' },
  { name: '08-reconciliation' },
  { name: '09-relaunch-grow-shrink' },
  { name: '11-filters' },
  { name: '12-split-and-combined-offers' },
  {
    name: '13-failover',
    until: {
      step: 44,
      why: 'then a call and a batch fall into one millisecond, and UPDATE_FRAMEWORK, which we do not have',
    },
  },
  {
    name: '14-agents',
    until: { step: 110, why: 'then agents are drained and unregister; MARK_AGENT_GONE is in 19' },
    agentTimeoutMs: 4836,
    happenings: [
      { at: 1361.5, agent: 0, what: 'lost' },
      { at: 3500, agent: 0, what: 'back' },
      { at: 9594.8, agent: 0, what: 'lost' },
      { at: 14_122, agent: 0, what: 'back' },
      { at: 16_126, agent: 2, what: 'lost' },
      { at: 26_198, agent: 2, what: 'back' },
      { at: 27_106, agent: 1, what: 'lost' },
      { at: 34_027, agent: 1, what: 'back' },
    ],
  },
  {
    name: '15-master-restart',
    until: {
      step: 27,
      why: 'then the master is killed: two masters and ZooKeeper; the restart itself is in the unit tests',
    },
  },
  {
    name: '16-teardown',
    until: { step: 143, why: 'then an operator tears a framework down, which our operator API does not know' },
  },
  { name: '18-static-roles-and-quota', until: { step: 106, why: 'then quota, which we do not have' } },
  {
    name: '19-operation-feedback',
    agentTimeoutMs: 3376,
    happenings: [
      { at: 50_285, agent: 0, what: 'frozen' },
      { at: 51_592.5, agent: 0, what: 'lost' },
      { at: 59_825, agent: 0, what: 'back' },
      { at: 62_227.9, agent: 0, what: 'frozen' },
      { at: 62_863, agent: 0, what: 'back' },
      { at: 64_266.5, agent: 1, what: 'frozen' },
    ],
  },
  { name: '20-large-and-odd' },
  {
    name: '21-maintenance',
    until: { step: 14, why: 'then maintenance windows and inverse offers, which we do not have' },
  },
  { name: '22-degenerate-calls' },
  {
    name: '23-lost-launch-and-shutdown',
    agentTimeoutMs: 3806,
    happenings: [
      { at: 8, agent: 1, what: 'frozen' },
      { at: 1025, agent: 1, what: 'lost' },
      { at: 1851.5, agent: 1, what: 'back' },
      { at: 6164, agent: 1, what: 'frozen' },
      { at: 7176, agent: 1, what: 'lost' },
      { at: 12_514, agent: 1, what: 'back' },
      { at: 28_899.7, agent: 1, what: 'frozen' },
      { at: 29_407, agent: 1, what: 'lost' },
      { at: 31_000, agent: 1, what: 'back' },
    ],
  },
];

export const notReplayed: Record<string, string> = {
  '10-refused-operations': 'each of its ACCEPTs meets a master of its own: refusals.test.ts',
  '17a-http-errors': 'is asked over HTTP: http-errors.test.ts',
  '17b-basic-auth': 'the embedded master knows no credentials; it listens on 127.0.0.1 alone',
  '17c-two-masters': 'the embedded master is one, and needs no ZooKeeper',
  '17d-authorization': 'the embedded master has no access control lists',
};
