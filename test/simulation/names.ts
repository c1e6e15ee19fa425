/** The parts of a task's name, as the simulator's definitions have them: no dash in the name of a task. */

/** `data-0` of `data-0-node`. */
export function podInstanceOf(task: string): string {
  return task.slice(0, task.lastIndexOf('-'));
}
