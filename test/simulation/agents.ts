/**
 * The agents of the simulated cluster: the product's own agent machines with scripted processes, disks that survive a power cut,
 * and a wire to the master that loses, delays and repeats what Mesos may lose, delay and repeat, never more.
 */
import { createAgent } from '../../runtime/cluster/agent.ts';
import type { AgentInput, AgentOutput, AgentSaved, ProcessEnd } from '../../runtime/cluster/agent-contract.ts';
import type { AgentToMaster, MasterToAgent } from '../../runtime/cluster/message.ts';
import type { Resource } from '../../runtime/kit/mesos.ts';
import type { Agenda, Timer } from './agenda.ts';
import { type Chance, countingIds } from './ids.ts';

export interface Process {
  readonly agent: SimulatedAgent;
  readonly container: string;
  readonly taskName: string;
  readonly executor: string;
  readonly volumes: readonly string[];
  /** Those of them that all tasks of the executor see. */
  readonly sharedVolumes: readonly string[];
}

export interface SimulatedAgent {
  readonly hostname: string;
  readonly workDir: string;
  machine: ReturnType<typeof createAgent>;
  /** Its disk. */
  saved: AgentSaved | undefined;
  /** Its number at the master; 0 while it is cut off. */
  link: number;
  /** Without power nothing on it moves. */
  on: boolean;
  timer: Timer;
  /** What is said on its wire keeps its order. */
  toMasterAt: number;
  readonly trouble: Trouble;
}

/** What is wrong with an agent's wire, each until a time. */
interface Trouble {
  slowUntil: number;
  repeatsUntil: number;
  losesUntil: number;
  /** Operations are refused instead of applied. */
  refusesUntil: number;
}

export interface Around {
  toMaster(link: number, message: AgentToMaster): void;
  linkLost(link: number): void;
  isMasterUp(): boolean;
  ran(process: Process): void;
  removedVolume(path: string): void;
  /** How the process of this task ends by itself, if it does. */
  lifeOf(taskName: string): { ms: number; code: number } | undefined;
}

const MACHINE: readonly Resource[] = [
  ...['cpus', 'mem', 'disk'].map(
    (name, at): Resource => ({
      name,
      type: 'SCALAR',
      scalar: { value: [4, 4096, 10_000][at] ?? 0 },
      reservations: [{ type: 'STATIC', role: 'vaults' }],
    }),
  ),
  {
    name: 'ports',
    type: 'RANGES',
    ranges: { range: [{ begin: 20_000, end: 20_999 }] },
    reservations: [{ type: 'STATIC', role: 'vaults' }],
  },
  { name: 'cpus', type: 'SCALAR', scalar: { value: 4 } },
  { name: 'mem', type: 'SCALAR', scalar: { value: 8192 } },
  { name: 'disk', type: 'SCALAR', scalar: { value: 20_000 } },
  { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 10_000, end: 10_999 }] } },
];

export class Agents {
  readonly processes = new Map<string, Process>();
  readonly volumes = new Set<string>();
  readonly list: SimulatedAgent[] = [];
  /** Ids of agents that an operator of Mesos marked as gone. */
  readonly gone = new Set<string>();
  /** Hosts that lost their connection while they went on working. */
  readonly wereCutOff = new Set<string>();
  private readonly agenda: Agenda;
  private readonly chance: Chance;
  private readonly around: Around;
  private machines = 0;
  private links = 0;
  private boots = 0;
  private pids = 100;

  constructor(agenda: Agenda, chance: Chance, around: Around) {
    this.agenda = agenda;
    this.chance = chance;
    this.around = around;
  }

  /** A new machine joins the cluster. */
  join(): void {
    const number = ++this.machines;
    const agent: SimulatedAgent = {
      hostname: `agent-${number}`,
      workDir: `/agent-${number}`,
      machine: this.boot(`agent-${number}`, number, undefined),
      saved: undefined,
      link: 0,
      on: true,
      timer: this.agenda.timer(() => this.tell(agent, { kind: 'tick' })),
      toMasterAt: 0,
      trouble: { slowUntil: 0, repeatsUntil: 0, losesUntil: 0, refusesUntil: 0 },
    };
    this.list.push(agent);
    this.connect(agent);
  }

  private boot(hostname: string, number: number, saved: AgentSaved | undefined): SimulatedAgent['machine'] {
    return createAgent({
      hostname,
      ip: '127.0.0.1',
      port: 5050 + number,
      resources: [...MACHINE],
      attributes: [],
      workDir: `/${hostname}`,
      newId: countingIds(100_000 * number + ++this.boots),
      ...(saved ? { saved } : {}),
    });
  }

  /** The agent finds the master, for the first time or again; while there is none it keeps looking. */
  connect(agent: SimulatedAgent): void {
    if (!agent.on || !this.list.includes(agent)) return;
    if (!this.around.isMasterUp()) {
      this.agenda.after(500, () => (agent.link === 0 ? this.connect(agent) : undefined));
      return;
    }
    // The master hears that the old connection is gone, however late it hears of the new one.
    if (agent.link !== 0) this.around.linkLost(agent.link);
    agent.link = ++this.links;
    this.tell(agent, { kind: 'start' });
  }

  /** Its connection breaks; it lives on. */
  cutOff(agent: SimulatedAgent): void {
    const { link } = agent;
    agent.link = 0;
    if (agent.on) this.wereCutOff.add(agent.hostname);
    if (link !== 0) this.around.linkLost(link);
  }

  /** Cut off for this long: what was said to it meanwhile is lost. */
  partition(agent: SimulatedAgent, ms: number): void {
    if (agent.link === 0) return;
    this.cutOff(agent);
    this.agenda.after(ms, () => (agent.link === 0 ? this.connect(agent) : undefined));
  }

  /** Its processes are gone, its disk is not. It comes back after this long. */
  cutPower(agent: SimulatedAgent, ms: number): void {
    if (!agent.on) return;
    this.switchOff(agent);
    this.agenda.after(ms, () => this.switchOn(agent));
  }

  private switchOff(agent: SimulatedAgent): void {
    agent.on = false;
    agent.timer.at = Number.POSITIVE_INFINITY;
    for (const [container, process] of this.processes) if (process.agent === agent) this.processes.delete(container);
    this.cutOff(agent);
  }

  private switchOn(agent: SimulatedAgent): void {
    if (agent.on || !this.list.includes(agent)) return;
    agent.on = true;
    const number = Number(agent.hostname.slice('agent-'.length));
    agent.machine = this.boot(agent.hostname, number, agent.saved && structuredClone(agent.saved));
    this.connect(agent);
  }

  /** Taken away for good and marked as gone; after a while a new machine takes its place. */
  markGone(agent: SimulatedAgent, ms: number): void {
    const id = agent.saved?.agentId;
    if (id === undefined) return;
    this.gone.add(id);
    this.switchOff(agent);
    this.list.splice(this.list.indexOf(agent), 1);
    this.agenda.forget(agent.timer);
    for (const volume of this.volumes) if (volume.startsWith(`${agent.workDir}/`)) this.volumes.delete(volume);
    this.agenda.after(ms, () => this.join());
  }

  /** Everything is on and connected. */
  repair(): void {
    for (const agent of this.list) {
      Object.assign(agent.trouble, { slowUntil: 0, repeatsUntil: 0, losesUntil: 0, refusesUntil: 0 });
      if (!agent.on) this.switchOn(agent);
      else if (agent.link === 0) this.connect(agent);
    }
  }

  fromMaster(link: number, message: MasterToAgent): void {
    const agent = this.list.find((candidate) => candidate.link === link);
    if (!agent) return;
    const { trouble } = agent;
    const { now } = this.agenda;
    // Acknowledgements may get lost: the agent says it again.
    if (message.kind.startsWith('acknowledge') && now < trouble.losesUntil && this.chance.once(0.5)) return;
    if (now < trouble.refusesUntil && (message.kind === 'apply' || message.kind === 'launch')) {
      this.refuse(agent, message);
      return;
    }
    this.agenda.after(1, () => (agent.link === link ? this.tell(agent, { kind: 'master', message }) : undefined));
  }

  /** It could not do what it was told, and registers anew so that the master's books are right. */
  private refuse(agent: SimulatedAgent, message: Extract<MasterToAgent, { kind: 'apply' | 'launch' }>): void {
    if (message.kind === 'apply' && message.operation.id) {
      const uuid = { value: Buffer.from(`refused-${String(++this.pids).padStart(8, '0')}`).toString('base64') };
      const agentId = agent.saved?.agentId;
      this.say(agent, {
        kind: 'operation',
        frameworkId: message.frameworkId,
        status: {
          operation_id: message.operation.id,
          state: 'OPERATION_FAILED',
          uuid,
          ...(agentId === undefined ? {} : { agent_id: { value: agentId } }),
        },
      });
    }
    const { link } = agent;
    this.agenda.after(20, () => {
      if (agent.link !== link) return;
      agent.trouble.refusesUntil = 0;
      this.connect(agent);
    });
  }

  private tell(agent: SimulatedAgent, input: AgentInput): void {
    if (!agent.on) return;
    const { machine } = agent;
    for (const output of machine.take(input, this.agenda.now)) this.act(agent, output);
    if (agent.on && agent.machine === machine) agent.timer.at = machine.wakeAt() ?? Number.POSITIVE_INFINITY;
  }

  private act(agent: SimulatedAgent, output: AgentOutput): void {
    const { machine } = agent;
    const later = (ms: number, input: AgentInput) =>
      this.agenda.after(ms, () => (agent.machine === machine ? this.tell(agent, input) : undefined));
    switch (output.kind) {
      case 'save':
        agent.saved = output.saved();
        return;
      case 'master':
        this.say(agent, output.message);
        return;
      case 'run':
        this.run(agent, output);
        later(2 + this.chance.int(20), { kind: 'started', container: output.container, pid: this.pids++ });
        return;
      case 'signal': {
        const ms = output.signal === 'SIGKILL' ? 1 : 1 + this.chance.int(500);
        this.end(output.container, { signal: output.signal }, ms);
        return;
      }
      case 'check': {
        const { container, check, run } = output;
        const exitCode = check === 'check' && this.chance.once(0.3) ? 1 : 0;
        later(5, { kind: 'checked', container, check, run, exitCode });
        return;
      }
      case 'make-volume':
        this.volumes.add(output.path);
        return;
      case 'remove-volume':
        this.volumes.delete(output.path);
        this.around.removedVolume(output.path);
        return;
      case 'remove-sandbox':
        return;
    }
  }

  private say(agent: SimulatedAgent, message: AgentToMaster): void {
    const { link, trouble } = agent;
    const { now } = this.agenda;
    if (link === 0) return;
    const isNews = message.kind === 'status' || message.kind === 'operation';
    if (isNews && now < trouble.losesUntil && this.chance.once(0.5)) return;
    const times = isNews && now < trouble.repeatsUntil ? 2 : 1;
    for (let count = 0; count < times; count++) {
      const delay = 1 + (now < trouble.slowUntil ? this.chance.int(15_000) : 0);
      agent.toMasterAt = Math.max(agent.toMasterAt, now + delay);
      this.agenda.after(agent.toMasterAt - now, () =>
        agent.link === link ? this.around.toMaster(link, message) : undefined,
      );
    }
  }

  private run(agent: SimulatedAgent, output: Extract<AgentOutput, { kind: 'run' }>): void {
    const taskName = output.execution.environment['TASK_NAME'] ?? '';
    const process: Process = {
      agent,
      container: output.container,
      taskName,
      executor: output.executor.directory,
      // What a task sees of its executor's sandbox is a volume of the executor.
      volumes: [...output.volumes, ...output.executor.volumes]
        .map((volume) => volume.hostPath)
        .filter((path) => !path.startsWith(`${output.executor.directory}/`)),
      sharedVolumes: output.executor.volumes.map((volume) => volume.hostPath),
    };
    this.processes.set(output.container, process);
    this.around.ran(process);
    const life = this.around.lifeOf(taskName);
    if (life) this.end(output.container, { code: life.code }, 30 + life.ms);
  }

  /** A process ends after a moment, by itself or by a signal. */
  end(container: string, end: ProcessEnd, ms: number): void {
    const process = this.processes.get(container);
    if (!process) return;
    this.agenda.after(ms, () => {
      if (this.processes.get(container) !== process) return;
      this.processes.delete(container);
      this.tell(process.agent, { kind: 'exited', container, end });
    });
  }
}
