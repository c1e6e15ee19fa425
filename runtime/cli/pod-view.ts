/**
 * The pods as text: the field's tree, and what `--watch` shows of it. Promises a picture no higher or wider than the terminal; without
 * a terminal, one line a change.
 */
import { stripVTControlCharacters } from 'node:util';
import type { PodBody, PodsBody, TaskBody } from '../api/bodies/pods.ts';
import { createScreen } from './live/screen.ts';
import type { Output } from './live.ts';
import { paintStatus } from './paint.ts';
import { drawTree, type Tree } from './tree.ts';
import type { View } from './watch.ts';

/** Service, pod types, instances and tasks; or one instance and its tasks. */
export function podsText(body: PodsBody | PodBody, colors: boolean): string {
  return drawTree(statusTree(body, colors)).join('\n');
}

function statusTree(body: PodsBody | PodBody, colors: boolean): Tree<string> {
  if ('tasks' in body) return instanceTree(body, colors);
  return {
    value: body.service,
    children: (body.pods ?? []).map((type) => ({
      value: type.name,
      children: type.instances.map((instance) => instanceTree(instance, colors)),
    })),
  };
}

function instanceTree(instance: PodBody, colors: boolean): Tree<string> {
  const tasks = instance.tasks.map(({ name, status }) => `${name} (${paintStatus(status ?? UNKNOWN, colors)})`);
  return { value: instance.name, children: tasks.map((value) => ({ value, children: [] })) };
}

const UNKNOWN = '<UNKNOWN>';

export function createPodView(out: Output, colors: boolean): View<PodsBody | PodBody> {
  return out.isTTY && process.env['TERM'] !== 'dumb' ? drawingView(out, colors) : writingView(out);
}

function drawingView(out: Output, colors: boolean): View<PodsBody | PodBody> {
  const columns = () => out.columns || 80;
  const screen = createScreen({
    get columns() {
      return columns();
    },
    write: (text) => out.write(text),
  });
  return {
    update(body) {
      const lines = podsText(body, colors).split('\n');
      const room = Math.max((out.rows || 24) - 2, 1);
      const shown = lines.slice(0, room).map((line) => fitted(line, columns() - 1));
      screen.draw(lines.length > room ? [...shown, `… ${lines.length - room} more lines`] : shown);
    },
    say: (text) => screen.above(text),
  };
}

/** A line that is too long loses its colours before its end. */
function fitted(line: string, room: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= room ? line : `${plain.slice(0, room - 1)}…`;
}

/** `data-0-node RUNNING` for each task that is another or has another status, `data-0-node gone` for one that is not there any more. */
function writingView(out: Output): View<PodsBody | PodBody> {
  let before = new Map<string, TaskBody>();
  return {
    update(body) {
      const now = new Map(tasksOf(body).map((task) => [task.name, task]));
      for (const task of now.values()) {
        const old = before.get(task.name);
        const isOther = old !== undefined && old.id !== task.id;
        if (old && !isOther && old.status === task.status) continue;
        out.write(`${task.name} ${task.status ?? UNKNOWN}${isOther ? ', launched anew' : ''}\n`);
      }
      for (const name of before.keys()) if (!now.has(name)) out.write(`${name} gone\n`);
      before = now;
    },
    say: (text) => out.write(`${text}\n`),
  };
}

function tasksOf(body: PodsBody | PodBody): PodBody['tasks'] {
  if ('tasks' in body) return body.tasks;
  return (body.pods ?? []).flatMap(({ instances }) => instances.flatMap(({ tasks }) => tasks));
}
