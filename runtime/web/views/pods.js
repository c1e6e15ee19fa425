/** The pods by type: where each instance runs, since when, on which configuration, and why it waits. */
import { renderList } from '../dom.js';
import { toneOf } from '../status.js';
import { branch } from '../tree.js';
import { isUnderWay, podVerbs } from '../verbs.js';
import { waitingView } from './waiting.js';

const list = document.querySelector('#pods > .tree');
const find = document.getElementById('find');
const troubled = document.getElementById('troubled');

let shown = () => {};
find.addEventListener('input', () => shown());
troubled.addEventListener('change', () => shown());

/** `pods` in their order; `plans` tell why those wait that do. */
export function showPods(pods, plans, targetId) {
  shown = () => {
    const waiting = waitingByPod(plans);
    const items = pods.map((pod) => podItem(pod, waiting.get(pod.name) ?? [], targetId));
    const types = Map.groupBy(items, ({ pod }) => pod.type);
    renderList(
      list,
      [...types].map(([type, instances]) => typeItem(type, instances)),
      ({ name }) => name,
      () => branch(),
    );
  };
  shown();
}

function typeItem(name, instances) {
  const wanted = find.value.trim().toLowerCase();
  const children = instances
    .filter(({ pod }) => `${pod.name} ${pod.host ?? ''}`.toLowerCase().includes(wanted))
    .filter(({ status }) => !troubled.checked || toneOf(status) !== 'good');
  return {
    name,
    note: 'running',
    progress: [instances.filter(({ status }) => toneOf(status) === 'good').length, instances.length],
    children,
    lines: children.length === 0 ? ['None is like that.'] : [],
    open: true,
  };
}

function podItem(pod, steps, targetId) {
  const worst = worstTask(pod.tasks);
  const first = steps[0];
  return {
    pod,
    steps,
    name: pod.name,
    status: worst?.status ?? first?.status ?? 'PENDING',
    note: [pod.host && `on ${pod.host}`, isOld(pod, targetId) && 'earlier configuration'].filter(Boolean).join(', '),
    times: worst?.since === undefined ? [] : [{ says: 'for', at: worst.since }],
    why: first?.why ?? (first?.until === undefined ? messageOf(worst) : undefined),
    verbs: podVerbs(pod),
    lines: linesOf(pod, targetId),
    view: () => ({ body: waitingView(pod.name) }),
  };
}

/** What Mesos said of a task that does not run. */
function messageOf(task) {
  return task && toneOf(task.status) !== 'good' ? task.message : undefined;
}

/** The launched task that is least well; undefined when none was launched. One that is done is told of when all are. */
function worstTask(tasks) {
  const order = ['bad', 'slow', 'held', 'idle', 'busy', 'good'];
  const rank = ({ status }) => (isDone(status) ? order.length : order.indexOf(toneOf(status)));
  return tasks.filter(({ id }) => id !== undefined).toSorted((a, b) => rank(a) - rank(b))[0];
}

function isDone(status) {
  return status === 'FINISHED';
}

/** What is done is not rolled. */
function isOld({ tasks }, targetId) {
  return tasks.some(
    ({ configuration, status }) => configuration !== undefined && configuration !== targetId && !isDone(status),
  );
}

function linesOf({ tasks, volumes, host }, targetId) {
  return [
    ...tasks.map(({ name, status, id, configuration, message }) => {
      if (id === undefined) return `${name}: never launched`;
      const which = configuration === targetId ? 'the target' : 'an earlier';
      const ended = message && toneOf(status) !== 'good' ? ` (${message})` : '';
      return `${name}: ${status ?? 'no status yet'}${ended}, on ${which} configuration ${configuration}, id ${id}`;
    }),
    ...volumes.map(({ owner, path, sizeMb }) => `volume ${path} of ${owner}: ${sizeMb} MB, on ${host ?? 'its agent'}`),
  ];
}

/** The steps that work on a pod and are not complete, by pod, each with its plan. */
function waitingByPod(plans) {
  const steps = plans
    .filter(isUnderWay)
    .flatMap(({ name, phases }) => phases.flatMap((phase) => phase.steps.map((step) => ({ ...step, plan: name }))));
  return Map.groupBy(
    steps.filter(({ status }) => status !== 'COMPLETE'),
    ({ pod }) => pod,
  );
}
