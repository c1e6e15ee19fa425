/**
 * What an operator can do to a plan, a phase, a step or a pod: each with its request, and the question to ask before. Promises that
 * whatever ends tasks or destroys data says so and names it.
 */

/** Plans that the scheduler makes and works on by itself; all others run when they are started. */
const STANDING = new Set(['deploy', 'recovery', 'decommission']);

/** Whether there is anything to steer: a plan that is run on demand waits to be started, or has ended. */
export function isUnderWay({ name, status, phases }) {
  if (STANDING.has(name)) return true;
  const untouched = phases.every(({ steps }) => steps.every((step) => step.status === 'PENDING'));
  return status !== 'COMPLETE' && !(status === 'WAITING' && untouched);
}

const part = encodeURIComponent;

export function planVerbs(plan) {
  const { name, status, phases } = plan;
  const to = (verb) => `v1/plans/${part(name)}/${verb}`;
  const what = `plan ${name}`;
  if (!isUnderWay(plan)) return [start(what, to('start'))];
  return [
    // A phase that waits, at its canary gate for one, has a button of its own: the plan's does nothing for it.
    pauseOrResume(plan.interrupted, status, what, to),
    !STANDING.has(name) && stop(what, to('stop')),
    restart(what, to('restart'), podsOf(phases)),
    status !== 'COMPLETE' && complete(what, to('forceComplete')),
  ].filter(Boolean);
}

function pauseOrResume(held, status, what, to) {
  if (held) return { label: 'Resume', what, path: to('continue') };
  return status !== 'COMPLETE' && { label: 'Pause', what, path: to('interrupt') };
}

export function phaseVerbs(plan, phase) {
  const to = (verb) => `v1/plans/${part(plan.name)}/${verb}?phase=${part(phase.name)}`;
  const what = `phase ${phase.name} of plan ${plan.name}`;
  if (!isUnderWay(plan)) return [];
  return [
    pauseOrResume(phase.interrupted || phase.status === 'WAITING', phase.status, what, to),
    restart(what, to('restart'), podsOf([phase])),
    phase.status !== 'COMPLETE' && complete(what, to('forceComplete')),
  ].filter(Boolean);
}

export function stepVerbs(plan, phase, step) {
  const to = (verb) => `v1/plans/${part(plan.name)}/${verb}?phase=${part(phase.name)}&step=${part(step.name)}`;
  const what = `step ${step.name} of plan ${plan.name}`;
  if (!isUnderWay(plan)) return [];
  return [
    restart(what, to('restart'), [step.pod]),
    step.status !== 'COMPLETE' && complete(what, to('forceComplete')),
  ].filter(Boolean);
}

export function podVerbs(pod) {
  const { name } = pod;
  const to = (verb) => `v1/pod/${part(name)}/${verb}`;
  const where = pod.host ? ` on ${pod.host}` : '';
  const tasks = pod.tasks
    .filter((task) => task.id)
    .map((task) => `${task.name} (${task.status ?? 'not heard of yet'})`);
  if (pod.tasks.length === 0) return [];
  return [
    {
      label: 'Restart …',
      what: name,
      path: to('restart'),
      question: {
        title: `Restart ${name}?`,
        text: [`Its tasks are ended and start again in the same place${where}, on their volumes.`],
        items: tasks,
        go: `Restart ${name}`,
      },
    },
    {
      label: 'Replace …',
      what: name,
      path: to('replace'),
      question: { title: `Replace ${name}?`, ...loss(pod, where), danger: true },
    },
    pod.tasks.some(({ status }) => status === 'PAUSED' || status === 'PAUSING')
      ? { label: 'Resume', what: name, path: to('resume') }
      : {
          label: 'Pause …',
          what: name,
          path: to('pause'),
          question: {
            title: `Pause ${name}?`,
            text: [
              `Its tasks are ended; then they only sleep in their containers, with their volumes, until you resume them.`,
            ],
            items: tasks,
            go: `Pause ${name}`,
          },
        },
  ];
}

/** What is lost with a pod instance that is replaced. */
function loss({ name, host, volumes }, where) {
  const move = `Its tasks are ended${where}. It gives up its place and starts anew, elsewhere if there is room.`;
  if (volumes.length === 0) {
    return { text: [move, 'It has no persistent volumes: no data is lost.'], go: `Replace ${name}` };
  }
  return {
    text: [move, 'It starts with empty volumes. The data in its old ones is destroyed:'],
    items: volumes.map(
      (volume) => `volume ${volume.path} of ${volume.owner}, ${volume.sizeMb} MB, on ${host ?? 'its agent'}`,
    ),
    go: `Replace ${name}, destroy its data`,
  };
}

function start(what, path) {
  return {
    label: 'Start …',
    what,
    path,
    question: {
      title: `Start ${what}?`,
      text: ['Its tasks get these variables, one NAME=value a line; none are needed unless the plan asks for some.'],
      field: { label: 'Variables', kind: 'lines' },
      go: 'Start it',
    },
    body: parameters,
  };
}

/** `NAME=value` lines as an object; throws on a line without a name. */
function parameters(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      if (at < 1) throw new Error(`"${line}" is not NAME=value.`);
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

function stop(what, path) {
  return {
    label: 'Stop …',
    what,
    path,
    question: {
      title: `Stop ${what}?`,
      text: ['It is held, and its steps are set back: started again, it begins from the beginning.'],
      go: 'Stop it',
    },
  };
}

function restart(what, path, pods) {
  return {
    label: 'Restart …',
    what,
    path,
    question: {
      title: `Restart ${what}?`,
      text: [
        'It is done again from the beginning. The tasks of these pods are ended and launched again, on their volumes:',
      ],
      items: pods,
      go: 'Restart it',
      danger: true,
    },
  };
}

function complete(what, path) {
  return {
    label: 'Force complete …',
    what,
    path,
    question: {
      title: `Count ${what} as complete?`,
      text: ['Whatever its tasks do, the plan goes on behind it. What does not run yet is not started by it any more.'],
      go: 'Count it as complete',
      danger: true,
    },
  };
}

function podsOf(phases) {
  return [...new Set(phases.flatMap(({ steps }) => steps.map(({ pod }) => pod)))];
}
