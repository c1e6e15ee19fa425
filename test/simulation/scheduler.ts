/**
 * The scheduler's process in the simulator: the real loop machine over a store that outlives it. It dies where it is told to,
 * even in the middle of a start, and starts again from nothing but its disk.
 */
import { boot, bootUninstall } from '../../runtime/core/boot.ts';
import type { Command, Reply } from '../../runtime/core/command.ts';
import { transactionsOf, type Write } from '../../runtime/core/effect.ts';
import type { Plan } from '../../runtime/core/plan/plan.ts';
import { plansOf } from '../../runtime/core/plan/plans.ts';
import type { Service, Settings, State } from '../../runtime/core/state.ts';
import type { Call } from '../../runtime/kit/mesos-call.ts';
import { createMachine, type Input, type Machine, type Output } from '../../runtime/loop/machine.ts';
import type { PlanSpecs, ServiceSpec } from '../../runtime/spec/service.ts';
import { load, nodeWrites } from '../../runtime/store/layout.ts';
import { type MemoryData, openMemoryTree } from '../../runtime/store/memory.ts';
import type { Tree } from '../../runtime/store/tree.ts';
import type { Agenda, Timer } from './agenda.ts';
import { type Chance, countingIds } from './ids.ts';

/** Where the process dies: before or after its n-th commit or call, counted over the whole history. */
export interface CrashPoint {
  readonly at: 'commit' | 'call';
  readonly when: 'before' | 'after';
  readonly index: number;
}

/** What the process is started with. */
export interface Definition {
  readonly spec: ServiceSpec;
  readonly plans: PlanSpecs;
}

/** The process's surroundings. */
export interface Surroundings {
  connect(subscription: number, call: Call): void;
  send(call: Call): void;
  hungUp(): void;
  replied(command: Command, reply: Reply): void | Promise<void>;
  frame(): void;
  died(): void;
  /** Stands between the process and its machine; the identity unless a test breaks the machine on purpose. */
  tamper(machine: Machine): Machine;
}

export class SchedulerProcess {
  definition: Definition;
  settings: Settings;
  uninstalling = false;
  /** The disk. Absent before the first start. */
  data: MemoryData | undefined;
  commits = 0;
  calls = 0;
  /** Deaths that nobody planned. */
  crashes = 0;
  /** Why the last start ended at once. */
  refusedToStart: readonly string[] = [];
  crashPoint: CrashPoint | undefined;
  /** What the store does with the next commit: refuses it, or keeps it and says nothing. The process ends either way. */
  storeFault: 'refused' | 'unknown' | undefined;
  private machine: Machine | undefined;
  private tree: Tree | undefined;
  /** Counts the lives: what an earlier one had under way is nobody's any more. */
  private life = 0;
  /** The subscription whose connection is up; 0 while none is. */
  private open = 0;
  /** Plans change only with a frame, and are dear to make. */
  private made: Plan[] | undefined;
  private readonly asked = new Map<number, Command>();
  private nextCommand = 1;
  private readonly timer: Timer;
  private readonly newId = countingIds();
  private readonly agenda: Agenda;
  private readonly chance: Chance;
  private readonly around: Surroundings;

  constructor(
    agenda: Agenda,
    chance: Chance,
    around: Surroundings,
    options: { definition: Definition; settings: Settings; crashPoint?: CrashPoint },
  ) {
    this.agenda = agenda;
    this.chance = chance;
    this.around = around;
    this.definition = options.definition;
    this.settings = options.settings;
    this.crashPoint = options.crashPoint;
    this.timer = agenda.timer(() => this.tell({ kind: 'tick' }));
  }

  isAlive(): boolean {
    return this.machine !== undefined;
  }

  state(): State | undefined {
    return this.machine?.state;
  }

  service(): Service | undefined {
    return this.machine?.state.services.get(this.definition.spec.name);
  }

  /** As of the last frame. */
  plans(): readonly Plan[] {
    const service = this.service();
    if (!service || !this.machine) return [];
    this.made ??= plansOf(service, this.machine.state.session, this.agenda.now);
    return this.made;
  }

  /** What it holds in memory is on its disk too. */
  isDurable(): boolean {
    return this.machine !== undefined && !this.machine.isCommitting();
  }

  /** Runs for as long as this life lasts. */
  whileAlive<T>(run: () => T): () => T | undefined {
    const { life } = this;
    return () => (life === this.life ? run() : undefined);
  }

  async start(): Promise<void> {
    this.end();
    const { life } = this;
    const tree = openMemoryTree(this.data);
    this.data = tree.data;
    this.tree = tree;
    const { spec, plans } = this.definition;
    const stored = await load(tree, spec.name);
    const booted = this.uninstalling
      ? bootUninstall(stored, spec.name, this.settings, this.agenda.now, this.newId)
      : boot(stored, { ok: true, spec, plans }, this.settings, this.agenda.now, this.newId);
    this.refusedToStart = booted.ok ? [] : booted.errors;
    if (!booted.ok) return;
    const state = { state: booted.state, newId: this.newId, random: this.chance.next };
    this.machine = this.around.tamper(createMachine(state, this.agenda.now));
    for (const writes of transactionsOf(booted.writes, this.settings.transactionBytes)) {
      if (!(await this.store(writes))) return;
    }
    if (life === this.life) this.timer.at = this.agenda.now;
  }

  /** SIGKILL: memory is gone, what was sent is on its way. */
  end(): void {
    this.life++;
    this.machine = undefined;
    this.made = undefined;
    this.open = 0;
    this.asked.clear();
    this.timer.at = Number.POSITIVE_INFINITY;
  }

  crash(downMs: number): void {
    if (!this.machine) return;
    this.crashes++;
    this.end();
    this.around.died();
    this.agenda.after(
      downMs,
      this.whileAlive(() => this.start()),
    );
  }

  /** The answer is told to the surroundings once it is given. */
  command(command: Command): void | Promise<void> {
    const id = this.nextCommand++;
    this.asked.set(id, command);
    return this.tell({ kind: 'command', id, command });
  }

  async tell(input: Input): Promise<void> {
    if (!this.machine) return;
    this.made = undefined;
    if (input.kind === 'connection' && input.event.kind === 'closed' && input.subscription === this.open) this.open = 0;
    await this.act(this.machine.take(input, this.agenda.now));
    if (!this.machine) return;
    this.timer.at = this.machine.wakeAt();
    this.around.frame();
  }

  private async act(outputs: readonly Output[]): Promise<void> {
    const { life } = this;
    for (const output of outputs) {
      if (life !== this.life) return;
      switch (output.kind) {
        case 'connect':
          this.open = output.subscription;
          this.around.connect(output.subscription, output.call);
          break;
        case 'disconnect':
          this.open = 0;
          this.around.hungUp();
          break;
        case 'send':
          // What belongs to a connection that is gone is dropped, as the product's loop does.
          if (output.subscription !== this.open) break;
          if (this.diesAt('call', 'before', this.calls + 1)) return;
          this.calls++;
          this.around.send(output.call);
          if (this.diesAt('call', 'after', this.calls)) return;
          break;
        case 'commit':
          // It takes a moment, in which more may arrive.
          if (await this.store(output.writes)) {
            this.agenda.after(
              this.chance.int(3),
              this.whileAlive(() => this.tell({ kind: 'committed' })),
            );
          }
          break;
        case 'exit':
          throw new Error(`the scheduler gave up: ${output.message}`);
        case 'reply': {
          const command = this.asked.get(output.id);
          this.asked.delete(output.id);
          if (command) await this.around.replied(command, output.reply);
          break;
        }
        case 'order': {
          // Whoever makes certificates takes a while, and sometimes cannot.
          const { id } = output.order;
          const end = this.chance.int(4) === 0 ? { reason: 'the authority is away' } : {};
          this.agenda.after(
            this.chance.int(3000),
            this.whileAlive(() => this.tell({ kind: 'order', id, ...end })),
          );
          break;
        }
        case 'note':
          break;
      }
    }
  }

  /** False when the process died at it. */
  private async store(writes: readonly Write[]): Promise<boolean> {
    const fault = this.storeFault;
    this.storeFault = undefined;
    if (this.diesAt('commit', 'before', this.commits + 1)) return false;
    this.commits++;
    if (fault !== 'refused') await this.tree?.commit(nodeWrites(writes));
    if (fault) this.crash(5 + this.chance.int(3000));
    return !fault && !this.diesAt('commit', 'after', this.commits);
  }

  private diesAt(at: CrashPoint['at'], when: CrashPoint['when'], index: number): boolean {
    const point = this.crashPoint;
    if (point?.at !== at || point.when !== when || point.index !== index) return false;
    this.crashPoint = undefined;
    this.crash(5 + this.chance.int(3000));
    return true;
  }
}
