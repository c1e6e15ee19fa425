/** The plans as trees: phases, steps, how far each is, and what it waits for. */
import { renderList } from '../dom.js';
import { countOf } from '../headline.js';
import { branch } from '../tree.js';
import { isUnderWay, phaseVerbs, planVerbs, stepVerbs } from '../verbs.js';

const list = document.querySelector('#plans > .tree');

export function showPlans(plans) {
  renderList(
    list,
    plans.map(planItem),
    ({ name }) => name,
    () => branch(),
  );
}

function planItem(plan) {
  const { name, status, strategy, phases, errors, interrupted } = plan;
  return {
    name,
    status,
    note: [strategy, isUnderWay(plan) ? interrupted && 'held' : 'runs when it is started'].filter(Boolean).join(', '),
    progress: phases.length > 0 ? countOf(phases) : undefined,
    verbs: planVerbs(plan),
    lines: phases.length > 0 ? errors : [...errors, 'Nothing is to be done.'],
    children: phases.map((phase) => phaseItem(plan, phase)),
    open: (status !== 'COMPLETE' && isUnderWay(plan)) || errors.length > 0,
  };
}

function phaseItem(plan, phase) {
  const { name, status, strategy, steps, interrupted } = phase;
  return {
    name,
    status,
    note: [strategy, interrupted && 'held'].filter(Boolean).join(', '),
    progress: countOf([phase]),
    verbs: phaseVerbs(plan, phase),
    children: steps.map((step) => stepItem(plan, phase, step)),
    open: status !== 'COMPLETE',
  };
}

function stepItem(plan, phase, step) {
  const { name, status, recovery, why, until } = step;
  return {
    name,
    status,
    note: recovery === 'PERMANENT' ? 'in a new place' : recovery ? 'in its place' : '',
    times: until === undefined ? [] : [{ says: 'in', at: until }],
    why: until === undefined ? why : 'next try',
    verbs: stepVerbs(plan, phase, step),
  };
}
