/**
 * A whole cluster in memory under virtual time: the real loop, the real master and the real agents of the product, with scripted
 * processes, a wire that takes its time, and faults. One seed is one history; nothing here reads a clock or rolls real dice.
 */

import { createAgent } from '../../runtime/cluster/agent.ts';
import type { AgentInput, AgentOutput, AgentSaved } from '../../runtime/cluster/agent-contract.ts';
import { createMaster, type MasterInput, type MasterOutput } from '../../runtime/cluster/master.ts';
import { boot } from '../../runtime/core/boot.ts';
import type { Command } from '../../runtime/core/command.ts';
import type { Write } from '../../runtime/core/effect.ts';
import { plansOf } from '../../runtime/core/plan/plans.ts';
import { defaultSettings, type State } from '../../runtime/core/state.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos.ts';
import { createMachine, type Input, type Machine, type Output } from '../../runtime/loop/machine.ts';
import type { ServiceSpec } from '../../runtime/spec/service.ts';
import { load, nodeWrites } from '../../runtime/store/layout.ts';
import { type MemoryData, openMemoryTree } from '../../runtime/store/memory.ts';
import type { Tree } from '../../runtime/store/tree.ts';
import { type Chance, countingIds } from './ids.ts';

/** Where the scheduler's process dies: before or after its n-th commit or call, counted over the whole history. */
export interface CrashPoint {
  readonly at: 'commit' | 'call';
  readonly when: 'before' | 'after';
  readonly index: number;
}

/** What the checks of a history want to be told. Throwing ends the history as a violation. */
export interface Observer {
  call(call: Call, world: World): void;
  ran(process: Process, world: World): void;
  removedVolume(path: string, world: World): void;
  delivered(event: MesosEvent, world: World): void;
  frame(world: World): void;
}

export interface Process {
  readonly agent: number;
  readonly container: string;
  readonly taskName: string;
  readonly volumes: readonly string[];
  readonly pid: number;
}

interface SimulatedAgent {
  machine: ReturnType<typeof createAgent>;
  saved: AgentSaved | undefined;
  link: number;
  tickAt: number;
}

interface Scheduled {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

export interface WorldOptions {
  readonly spec: ServiceSpec;
  readonly chance: Chance;
  readonly observer: Observer;
  readonly agents?: number;
  readonly crashPoint?: CrashPoint;
}

export class World {
  now = 1_000_000;
  commits = 0;
  calls = 0;
  crashes = 0;
  readonly processes = new Map<string, Process>();
  readonly volumes = new Set<string>();
  readonly agents: SimulatedAgent[] = [];
  data: MemoryData | undefined;
  spec: ServiceSpec;
  private readonly chance: Chance;
  private readonly observer: Observer;
  private readonly newId = countingIds();
  private readonly crashPoint: CrashPoint | undefined;
  private readonly agenda: Scheduled[] = [];
  private readonly master;
  private masterTickAt = Number.POSITIVE_INFINITY;
  private machine: Machine | undefined;
  private machineTickAt = Number.POSITIVE_INFINITY;
  private tree: Tree | undefined;
  /** Counts the scheduler's lives: what an earlier one still had under way is nobody's any more. */
  private life = 0;
  private connection = 0;
  private streamId: string | undefined;
  private subscription = 0;
  private wireFreeAt = 0;
  private scheduled = 0;
  private nextPid = 100;
  private nextLink = 0;

  constructor(options: WorldOptions) {
    this.spec = options.spec;
    this.chance = options.chance;
    this.observer = options.observer;
    this.crashPoint = options.crashPoint;
    this.master = createMaster({ id: 'master', host: '127.0.0.1', port: 5050, newId: countingIds(2) });
    for (let index = 0; index < (options.agents ?? 3); index++) this.startAgent(index, undefined);
  }

  /** Lets the history go on until `done` or for this long. True when it is done. */
  async run(ms: number, done: () => boolean = () => false): Promise<boolean> {
    const until = this.now + ms;
    for (;;) {
      if (done()) return true;
      const next = this.takeNext(until);
      if (!next) {
        this.now = until;
        return done();
      }
      this.now = Math.max(this.now, next.at);
      await next.run();
    }
  }

  private takeNext(until: number): Scheduled | undefined {
    const ticks: Scheduled[] = [
      { at: this.masterTickAt, order: 0, run: () => this.tellMaster({ kind: 'tick' }) },
      { at: this.machineTickAt, order: 0, run: () => this.tellScheduler({ kind: 'tick' }) },
      ...this.agents.map((agent, index) => ({
        at: agent.tickAt,
        order: 0,
        run: () => this.tellAgent(index, { kind: 'tick' }),
      })),
    ];
    const all = this.agenda.length > 0 ? [...ticks, this.agenda[0] as Scheduled] : ticks;
    const next = all.reduce((a, b) => (b.at < a.at ? b : a));
    if (!(next.at <= until)) return undefined;
    if (next === this.agenda[0]) this.agenda.shift();
    return next;
  }

  /** Something happens after a delay; what is due at the same time keeps its order. */
  after(ms: number, run: () => void | Promise<void>): void {
    const entry = { at: this.now + ms, order: ++this.scheduled, run };
    const index = this.agenda.findLastIndex((other) => other.at <= entry.at);
    this.agenda.splice(index + 1, 0, entry);
  }

  // ---- the scheduler's process

  async startScheduler(): Promise<void> {
    this.life++;
    const tree = openMemoryTree(this.data);
    this.data = tree.data;
    this.tree = tree;
    const stored = await load(tree, this.spec.name);
    const booted = boot(stored, { ok: true, spec: this.spec }, defaultSettings, this.now, this.newId);
    if (!booted.ok) throw new Error(`the scheduler does not start: ${booted.errors.join('; ')}`);
    if (booted.writes.length > 0) await tree.commit(nodeWrites(booted.writes));
    this.machine = createMachine({ state: booted.state, newId: this.newId, random: this.chance.next }, this.now);
    this.machineTickAt = this.now;
  }

  isSchedulerAlive(): boolean {
    return this.machine !== undefined;
  }

  /** SIGKILL: memory is gone, what was sent is on its way, the connections break. It starts again after `downMs`. */
  crash(downMs: number): void {
    if (!this.machine) return;
    this.crashes++;
    this.life++;
    this.machine = undefined;
    this.machineTickAt = Number.POSITIVE_INFINITY;
    const { connection } = this;
    this.after(1, () => this.tellMaster({ kind: 'disconnected', connection }));
    this.after(downMs, () => this.startScheduler());
  }

  /** The event stream breaks under a living scheduler. */
  breakStream(): void | Promise<void> {
    const { connection, subscription } = this;
    this.tellMaster({ kind: 'disconnected', connection });
    return this.tellScheduler({ kind: 'connection', subscription, event: { kind: 'closed', reason: 'cut' } });
  }

  command(command: Command): void | Promise<void> {
    return this.tellScheduler({ kind: 'command', id: 1, command });
  }

  /** The state of the living scheduler. */
  state(): State | undefined {
    return this.machine?.state;
  }

  plans() {
    const service = this.machine?.state.services.get(this.spec.name);
    return service && this.machine ? plansOf(service, this.machine.state.session, this.now) : [];
  }

  private async tellScheduler(input: Input): Promise<void> {
    if (!this.machine) return;
    await this.act(this.machine.take(input, this.now));
    this.machineTickAt = this.machine?.wakeAt() ?? Number.POSITIVE_INFINITY;
    this.observer.frame(this);
  }

  private async act(outputs: readonly Output[]): Promise<void> {
    const { life } = this;
    for (const output of outputs) {
      if (life !== this.life) return;
      switch (output.kind) {
        case 'connect':
          this.connect(output.subscription, output.call);
          break;
        case 'disconnect':
          break;
        case 'send':
          if (this.diesAt('call', 'before', this.calls + 1)) return;
          this.calls++;
          this.send(output.call);
          if (this.diesAt('call', 'after', this.calls)) return;
          break;
        case 'commit':
          await this.commit(output.writes);
          break;
        case 'exit':
          throw new Error(`the scheduler gave up: ${output.message}`);
        case 'reply':
        case 'note':
          break;
      }
    }
  }

  /** A commit takes a moment, in which more events may arrive. */
  private async commit(writes: readonly Write[]): Promise<void> {
    if (this.diesAt('commit', 'before', this.commits + 1)) return;
    this.commits++;
    await this.tree?.commit(nodeWrites(writes));
    if (this.diesAt('commit', 'after', this.commits)) return;
    const { life } = this;
    this.after(this.chance.int(3), () => (life === this.life ? this.tellScheduler({ kind: 'committed' }) : undefined));
  }

  private diesAt(at: CrashPoint['at'], when: CrashPoint['when'], index: number): boolean {
    const point = this.crashPoint;
    if (!point || point.at !== at || point.when !== when || point.index !== index || this.crashes > 0) return false;
    this.crash(5 + this.chance.int(3000));
    return true;
  }

  // ---- the wire

  private connect(subscription: number, call: Call): void {
    const connection = ++this.connection;
    this.subscription = subscription;
    this.streamId = undefined;
    this.wireFreeAt = 0;
    this.onWire(() => this.tellMaster({ kind: 'call', connection, call }));
  }

  private send(call: Call): void {
    this.observer.call(call, this);
    const { connection, streamId } = this;
    this.onWire(() =>
      this.tellMaster({
        kind: 'call',
        connection: -connection,
        call,
        ...(streamId === undefined ? {} : { streamId }),
      }),
    );
  }

  /** Calls of one connection arrive in their order. */
  private onWire(arrive: () => void): void {
    this.wireFreeAt = Math.max(this.wireFreeAt, this.now + 1 + this.chance.int(3));
    this.after(this.wireFreeAt - this.now, arrive);
  }

  // ---- the master

  private tellMaster(input: MasterInput): void {
    for (const output of this.master.take(input, this.now)) this.fromMaster(output);
    this.masterTickAt = this.master.wakeAt() ?? Number.POSITIVE_INFINITY;
  }

  private fromMaster(output: MasterOutput): void {
    const { life, subscription } = this;
    const toScheduler = (input: Input) =>
      this.after(1, () => (life === this.life ? this.tellScheduler(input) : undefined));
    switch (output.kind) {
      case 'answer':
        if (output.connection === this.connection && output.status === 200) {
          this.streamId = output.streamId;
          toScheduler({ kind: 'connection', subscription, event: { kind: 'opened' } });
        } else if (output.status >= 400 && Math.abs(output.connection) === this.connection) {
          toScheduler({ kind: 'connection', subscription, event: { kind: 'closed', reason: output.body ?? '' } });
        }
        return;
      case 'event':
        if (output.connection !== this.connection) return;
        this.observer.delivered(output.event, this);
        toScheduler({
          kind: 'connection',
          subscription,
          event: { kind: 'event', event: output.event },
        });
        return;
      case 'close':
        if (output.connection !== this.connection) return;
        toScheduler({ kind: 'connection', subscription, event: { kind: 'closed', reason: 'closed by the master' } });
        return;
      case 'agent': {
        const index = this.agents.findIndex((agent) => agent.link === output.agent);
        const { link } = this.agents[index] ?? { link: -1 };
        const { message } = output;
        this.after(1, () => {
          if (this.agents[index]?.link === link) this.tellAgent(index, { kind: 'master', message });
        });
        return;
      }
      case 'save':
        return;
    }
  }

  // ---- the agents

  private startAgent(index: number, saved: AgentSaved | undefined): void {
    const machine = createAgent({
      hostname: `agent-${index + 1}`,
      ip: '127.0.0.1',
      port: 5051 + index,
      resources: [
        { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
        { name: 'mem', type: 'SCALAR', scalar: { value: 8192 } },
        { name: 'disk', type: 'SCALAR', scalar: { value: 20_000 } },
        { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 10_000, end: 10_999 }] } },
      ],
      attributes: [],
      workDir: `/agent-${index + 1}`,
      newId: countingIds(100 * (index + 1) + this.nextLink),
      ...(saved ? { saved } : {}),
    });
    this.agents[index] = { machine, saved, link: ++this.nextLink, tickAt: Number.POSITIVE_INFINITY };
    this.tellAgent(index, { kind: 'start' });
  }

  /** A power cut on one agent: its processes are gone, its disk is not. It comes back after `downMs`. */
  cutPower(index: number, downMs: number): void {
    const agent = this.agents[index];
    if (!agent || agent.link < 0) return;
    const { link, saved } = agent;
    for (const [container, process] of this.processes) if (process.agent === index) this.processes.delete(container);
    agent.link = -1;
    agent.tickAt = Number.POSITIVE_INFINITY;
    this.tellMaster({ kind: 'agent-lost', agent: link });
    this.after(downMs, () => this.startAgent(index, saved && structuredClone(saved)));
  }

  private tellAgent(index: number, input: AgentInput): void {
    const agent = this.agents[index];
    if (!agent || agent.link < 0) return;
    for (const output of agent.machine.take(input, this.now)) this.fromAgent(index, agent, output);
    if (agent.link >= 0) agent.tickAt = agent.machine.wakeAt() ?? Number.POSITIVE_INFINITY;
  }

  private fromAgent(index: number, agent: SimulatedAgent, output: AgentOutput): void {
    const later = (ms: number, input: AgentInput) =>
      this.after(ms, () => {
        if (this.agents[index] === agent) this.tellAgent(index, input);
      });
    switch (output.kind) {
      case 'save':
        agent.saved = output.saved;
        return;
      case 'master': {
        const { link } = agent;
        const { message } = output;
        this.after(1, () =>
          agent.link === link ? this.tellMaster({ kind: 'agent', agent: link, message }) : undefined,
        );
        return;
      }
      case 'run': {
        const pid = this.nextPid++;
        const process: Process = {
          agent: index,
          container: output.container,
          taskName: output.execution.environment['TASK_NAME'] ?? '',
          volumes: output.volumes.map((volume) => volume.hostPath),
          pid,
        };
        this.processes.set(output.container, process);
        this.observer.ran(process, this);
        later(2 + this.chance.int(20), { kind: 'started', container: output.container, pid });
        return;
      }
      case 'signal':
        this.end(
          output.container,
          { signal: output.signal },
          output.signal === 'SIGKILL' ? 1 : 1 + this.chance.int(500),
        );
        return;
      case 'check': {
        const { container, check, run } = output;
        later(5, {
          kind: 'checked',
          container,
          check,
          run,
          exitCode: this.chance.once(0.3) && check === 'check' ? 1 : 0,
        });
        return;
      }
      case 'make-volume':
        this.volumes.add(output.path);
        return;
      case 'remove-volume':
        this.volumes.delete(output.path);
        this.observer.removedVolume(output.path, this);
        return;
      case 'remove-sandbox':
        return;
    }
  }

  /** A process ends after a moment, by itself or by a signal. */
  end(container: string, end: { code: number } | { signal: string }, ms: number): void {
    const process = this.processes.get(container);
    if (!process) return;
    this.after(ms, () => {
      if (this.processes.get(container) !== process) return;
      this.processes.delete(container);
      this.tellAgent(process.agent, { kind: 'exited', container, end });
    });
  }
}
