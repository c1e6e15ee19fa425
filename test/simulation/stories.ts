/**
 * The reference stories: what operators do most, each played to its end on a service that suits it. Promises that a story goes on
 * wherever its scheduler dies, so that it can be told again with a death before and after every commit and call.
 */
import { changes } from './changes.ts';
import { settle } from './history.ts';
import { chance } from './ids.ts';
import { isDone } from './rules/end.ts';
import { RULES } from './rules.ts';
import type { CrashPoint, Definition } from './scheduler.ts';
import { specOf } from './services.ts';
import { World } from './world.ts';

export interface Story {
  readonly name: string;
  readonly definition: Definition;
  tell(world: World): Promise<void>;
}

const spec = await specOf('data-store', { METADATA_COUNT: '1', DATA_COUNT: '2' });
const small: Definition = { spec, plans: [] };

function canaries(): Definition {
  const first = { name: 'meta-data', pod: 'meta-data', strategy: 'serial' } as const;
  const canary = { name: 'data', pod: 'data', strategy: 'serial-canary' } as const;
  return { spec, plans: [{ name: 'deploy', strategy: 'serial', phases: [first, canary] }] };
}

const LONG_MS = 120_000;

/** Until the plans are through, or wait for an operator. */
async function rest(world: World): Promise<void> {
  await world.run(LONG_MS, () => isDone(world));
}

/** What an operator does is done again if the scheduler was not there, or died before it answered. */
async function insist(world: World, ask: () => void | Promise<void>, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 20 && !isSo(); tries++) {
    await ask();
    await world.run(4000, isSo);
  }
}

export const STORIES: readonly Story[] = [
  { name: 'a deployment', definition: small, tell: rest },
  {
    name: 'a rolling update',
    definition: small,
    async tell(world) {
      await rest(world);
      await change(world, (spec) =>
        changes(spec, true)
          .filter((next) => next.pods.some((pod) => pod.tasks[0]?.command.endsWith('again')))
          .at(-1),
      );
      await rest(world);
    },
  },
  {
    name: 'a canary',
    definition: canaries(),
    async tell(world) {
      for (const canary of [1, 2]) {
        await world.run(5000);
        const through = () => (world.stored().intents.get('deploy')?.phases['data']?.proceeded?.length ?? 0) >= canary;
        const { name } = world.scheduler.definition.spec;
        await insist(
          world,
          () => world.command({ kind: 'plan-continue', service: name, plan: 'deploy', phase: 'data' }),
          through,
        );
      }
      await rest(world);
    },
  },
  {
    name: 'a transient recovery',
    definition: small,
    async tell(world) {
      await rest(world);
      const [process] = world.agents.processes.values();
      if (process) world.agents.end(process.container, { code: 1 }, 1);
      await world.run(500);
      await rest(world);
    },
  },
  {
    name: 'a replacement',
    definition: small,
    async tell(world) {
      await rest(world);
      const before = world.stored().tasks.get('data-0-node')?.info.task_id.value;
      const isReplaced = () => {
        const info = world.stored().tasks.get('data-0-node')?.info;
        return (
          info?.task_id.value !== before ||
          (info?.labels?.labels ?? []).some((label) => label.key === 'permanently-failed')
        );
      };
      const { name } = world.scheduler.definition.spec;
      await insist(world, () => world.command({ kind: 'pod-replace', service: name, pod: 'data-0' }), isReplaced);
      await rest(world);
    },
  },
  {
    name: 'a scale-down',
    definition: small,
    async tell(world) {
      await rest(world);
      await change(world, (spec) =>
        changes(spec, true).find((next) => next.pods.some((pod) => pod.type === 'data' && pod.count === 1)),
      );
      await rest(world);
    },
  },
  {
    name: 'a refused change',
    definition: small,
    async tell(world) {
      await rest(world);
      await change(world, (spec) => changes(spec, false)[0]);
      await world.run(20_000);
    },
  },
  {
    name: 'an uninstall',
    definition: small,
    async tell(world) {
      await rest(world);
      await world.restartScheduler(world.scheduler.definition, true);
      await rest(world);
    },
  },
];

async function change(world: World, to: (spec: Definition['spec']) => Definition['spec'] | undefined): Promise<void> {
  const { definition } = world.scheduler;
  const spec = to(definition.spec);
  if (!spec) throw new Error('the story has no such change');
  await world.restartScheduler({ ...definition, spec });
}

/** Tells a story; how many commits and calls it took, and how often its scheduler died. */
export async function tell(
  story: Story,
  crashPoint?: CrashPoint,
): Promise<{ commits: number; calls: number; crashes: number }> {
  const { definition } = story;
  const world = new World({ definition, chance: chance(7), rules: RULES, ...(crashPoint ? { crashPoint } : {}) });
  await world.run(100);
  await world.restartScheduler();
  await story.tell(world);
  const { commits, calls } = world.scheduler;
  await settle(world, world.scheduler.uninstalling);
  return { commits, calls, crashes: world.scheduler.crashes };
}
