/**
 * A whole cluster in memory under virtual time: the real loop, the real master and the real agents of the product, with scripted
 * processes, a wire that takes its time, and faults. One seed is one history; nothing here reads a clock or rolls real dice.
 */
import type { Command, Reply } from '../../runtime/core/command.ts';
import { defaultSettings, type Settings } from '../../runtime/core/state.ts';
import type { ConnectionEvent, Machine } from '../../runtime/loop/machine.ts';
import type { ServiceSpec } from '../../runtime/spec/service.ts';
import { Agenda } from './agenda.ts';
import { Agents } from './agents.ts';
import { type Asked, newAsked, noteGiven } from './asked.ts';
import { type Durable, durable } from './durable.ts';
import type { Chance } from './ids.ts';
import { SimulatedMaster } from './master.ts';
import type { Observer } from './observer.ts';
import { type CrashPoint, type Definition, SchedulerProcess } from './scheduler.ts';

export interface WorldOptions {
  readonly definition: Definition;
  readonly chance: Chance;
  /** What watches the history. */
  readonly rules: readonly ((world: World) => Observer)[];
  readonly agents?: number;
  readonly settings?: Settings;
  readonly crashPoint?: CrashPoint;
  /** Breaks the scheduler on purpose, to see that the rules notice. */
  readonly tamper?: (machine: Machine, world: World) => Machine;
}

export class World {
  readonly agenda = new Agenda();
  readonly asked: Asked = newAsked();
  readonly chance: Chance;
  readonly scheduler: SchedulerProcess;
  readonly master: SimulatedMaster;
  readonly agents: Agents;
  private readonly rules: readonly Observer[];
  private known: { commits: number; is: Durable } | undefined;

  constructor(options: WorldOptions) {
    const { chance, definition, settings = defaultSettings, crashPoint, tamper } = options;
    this.chance = chance;
    const agents: Agents = new Agents(this.agenda, chance, {
      toMaster: (link, message) => this.master.fromAgent(link, message),
      linkLost: (link) => this.master.take({ kind: 'agent-lost', agent: link }),
      isMasterUp: () => this.master?.isUp ?? true,
      ran: (process) => this.tellRules((rule) => rule.ran?.(process)),
      removedVolume: (path) => this.tellRules((rule) => rule.removedVolume?.(path)),
      lifeOf: (task) => this.lifeOf(task),
    });
    this.agents = agents;
    this.master = new SimulatedMaster(this.agenda, chance, {
      toAgent: (link, message) => agents.fromMaster(link, message),
      toScheduler: (subscription, event) => this.toScheduler(subscription, event),
      gone: agents.gone,
    });
    this.scheduler = new SchedulerProcess(
      this.agenda,
      chance,
      {
        connect: (subscription, call) => {
          this.tellRules((rule) => rule.streamChanged?.());
          this.master.connect(subscription, call);
        },
        send: (call) => {
          this.tellRules((rule) => rule.called?.(call));
          this.master.send(call);
        },
        hungUp: () => this.master.hungUp(),
        replied: (command, reply) => this.replied(command, reply),
        frame: () => this.tellRules((rule) => rule.frame?.()),
        died: () => {
          this.master.hungUp();
          this.tellRules((rule) => rule.died?.());
        },
        tamper: (machine) => (tamper ? tamper(machine, this) : machine),
      },
      { definition, settings, ...(crashPoint ? { crashPoint } : {}) },
    );
    this.rules = options.rules.map((rule) => rule(this));
    for (let count = 0; count < (options.agents ?? 3); count++) agents.join();
  }

  get now(): number {
    return this.agenda.now;
  }

  /** The last definition that was not refused. */
  accepted(): ServiceSpec {
    const { configs, targetId } = this.stored();
    return configs.get(targetId) ?? this.scheduler.definition.spec;
  }

  run(ms: number, done?: () => boolean): Promise<boolean> {
    return this.agenda.run(ms, done);
  }

  /** What a restart would remember now. */
  stored(): Durable {
    const { commits, data } = this.scheduler;
    if (this.known?.commits !== commits) this.known = { commits, is: durable(data) };
    return this.known.is;
  }

  /** The scheduler's supervisor starts it with another definition, or to take the service down. */
  async restartScheduler(definition = this.scheduler.definition, uninstalling = false): Promise<void> {
    if (this.scheduler.isAlive()) this.master.hungUp();
    this.scheduler.end();
    this.tellRules((rule) => rule.died?.());
    this.scheduler.definition = definition;
    this.scheduler.uninstalling ||= uninstalling;
    await this.scheduler.start();
    this.tellRules((rule) => rule.started?.());
  }

  /** The master starts anew; every agent finds it when it notices, within this time. */
  restartMaster(downMs: number, withinMs: number): boolean {
    if (!this.master.restart(downMs)) return false;
    for (const agent of this.agents.list) {
      const was = agent.link;
      agent.link = 0;
      if (was !== 0) this.agenda.after(downMs + this.chance.int(withinMs), () => this.reconnect(agent));
    }
    return true;
  }

  private reconnect(agent: Agents['list'][number]): void {
    if (agent.link === 0) this.agents.connect(agent);
  }

  private toScheduler(subscription: number, event: ConnectionEvent): void {
    this.agenda.after(
      1,
      this.scheduler.whileAlive(() => {
        if (event.kind === 'closed') this.tellRules((rule) => rule.streamChanged?.());
        if (event.kind === 'event') this.tellRules((rule) => rule.delivered?.(event.event));
        return this.scheduler.tell({ kind: 'connection', subscription, event });
      }),
    );
  }

  /** An operator asks. */
  command(command: Command): void | Promise<void> {
    noteGiven(this.asked, command);
    this.tellRules((rule) => rule.commanded?.(command));
    return this.scheduler.command(command);
  }

  private async replied(command: Command, reply: Reply): Promise<void> {
    for (const rule of this.rules) await rule.replied?.(command, reply);
  }

  private tellRules(tell: (rule: Observer) => void): void {
    for (const rule of this.rules) tell(rule);
  }

  /** Tasks that are to finish do so, now and then only after failing. */
  private lifeOf(name: string): { ms: number; code: number } | undefined {
    for (const config of this.stored().configs.values()) {
      for (const pod of config.pods) {
        const task = pod.tasks.find((candidate) => new RegExp(`^${pod.type}-\\d+-${candidate.name}$`).test(name));
        if (!task) continue;
        if (task.goal === 'RUNNING') return undefined;
        return { ms: this.chance.int(3000), code: this.chance.once(0.1) ? 1 : 0 };
      }
    }
    return undefined;
  }
}
