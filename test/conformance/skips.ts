/** Steps of the recordings where the master machine is allowed to differ, each with its reason. An unused one fails the test. */

export interface Skip {
  trace: string;
  /** Indices into the recording's `steps`; -1 for what was said and is not in the recording. */
  steps: number[];
  reason: string;
}

export const skips: readonly Skip[] = [
  {
    trace: '03-launch-groups',
    steps: [54],
    reason: 'After the sentence a real master prints both ExecutorInfos as protobuf text; ours says the sentence.',
  },
  {
    trace: '07-acknowledgement',
    steps: [31],
    reason:
      "The uuid of the call is no base64. A real master fails to convert the JSON; ours gets decoded calls, so only the HTTP shell could say so. It refuses the call too, with 400 and 'Not a valid UUID'.",
  },
  {
    trace: '19-operation-feedback',
    steps: [54],
    reason:
      'The message lists the resources of the offer, whose order Mesos leaves open. The words and amounts are equal.',
  },
  {
    trace: '09-relaunch-grow-shrink',
    steps: [112, 122],
    reason: 'Mesos counts in thousandths and shows 0.1006 cpus as they were sent; ours shows the 0.101 that count.',
  },
  {
    trace: '14-agents',
    steps: [90, 91],
    reason:
      'An agent was stopped, its connection stayed: pings gave it up and its offers died with it. Here a connection breaks first, and the offers with it; there are no pings.',
  },
  {
    trace: '22-degenerate-calls',
    steps: [7, 17, 213, 222, 308, -1],
    reason:
      'The calls that abort a real master, which answers nothing any more. Ours refuses them with 400 and says why.',
  },
  {
    trace: '22-degenerate-calls',
    steps: [150],
    reason:
      'A LAUNCH_GROUP without tasks leaves a real master with an executor that nobody runs, and its resources gone; ours gives them back.',
  },
  {
    trace: '22-degenerate-calls',
    steps: [296],
    reason:
      'A field that is no number: refused before the machine by the HTTP shell, with 400 in the words of the codec.',
  },
  {
    trace: '23-lost-launch-and-shutdown',
    steps: [19],
    reason:
      'TASK_DROPPED comes from the agent there, which the master told of the task; here the master says it itself, so it has no uuid and needs no acknowledgement.',
  },
  {
    trace: '23-lost-launch-and-shutdown',
    steps: [117, 119, 123],
    reason: 'SHUTDOWN of an executor is a call that we do not have; the tasks are killed by it.',
  },
];
