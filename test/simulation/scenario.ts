/**
 * Runs a scenario: a script of what happens to the scheduler, with what it says to Mesos. The harness plays Mesos by hand, one
 * event a line, so that a person can review every call in a diff. Lines that begin with `->` are what really happened.
 */
import { boot, bootUninstall } from '../../runtime/core/boot.ts';
import type { Command } from '../../runtime/core/command.ts';
import type { Write } from '../../runtime/core/effect.ts';
import { footprintIds, resourceIdOf } from '../../runtime/core/offer/reserved.ts';
import { stepId } from '../../runtime/core/plan/plan.ts';
import { plansOf } from '../../runtime/core/plan/plans.ts';
import type { PlanCommand } from '../../runtime/core/plan-command.ts';
import type { PodCommand } from '../../runtime/core/pod-command.ts';
import { defaultSettings, type Settings, type State } from '../../runtime/core/state.ts';
import type { Candidate } from '../../runtime/core/target/select.ts';
import { isLive, wasLaunched } from '../../runtime/core/tasks/record.ts';
import type { Offer, OperationState, Resource, TaskState } from '../../runtime/kit/mesos.ts';
import type { Call, MesosEvent, OfferOperation } from '../../runtime/kit/mesos-call.ts';
import { add, bagOf, resourcesOf } from '../../runtime/kit/resources.ts';
import { createMachine, type Input, type Machine, type Output } from '../../runtime/loop/machine.ts';
import { load, nodeWrites } from '../../runtime/store/layout.ts';
import { type MemoryData, openMemoryTree } from '../../runtime/store/memory.ts';
import type { Tree } from '../../runtime/store/tree.ts';
import { countingIds } from './ids.ts';
import { callWords, type Names, operationWords } from './words.ts';

const FRAMEWORK = 'framework-1';

/** Makes what the next start brings of a `service <name> K=V...` line; the service is called by that name. */
export type DefinitionOf = (name: string, env: Record<string, string>) => Candidate;

/** The script with its `->` lines made anew. */
export async function runScenario(script: string, definitionOf: DefinitionOf): Promise<string> {
  const run = new Run(definitionOf);
  const out: string[] = [];
  for (const line of script.split('\n')) {
    if (line.trimStart().startsWith('->')) continue;
    if (line.startsWith('     ')) continue;
    out.push(line);
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const said = await run.line(words);
    for (const text of said) {
      const [first, ...rest] = text.split('\n');
      out.push(`  -> ${first}`, ...rest.map((more) => `     ${more}`));
    }
  }
  return out.join('\n');
}

/** One history: a store that outlives the process, and the process that lives now. */
class Run {
  private readonly definitionOf: DefinitionOf;
  private readonly newId = countingIds();
  private now = 1_000_000;
  private name = '';
  private candidate: Candidate | undefined;
  private settings: Settings = defaultSettings;
  private data: MemoryData | undefined;
  private tree: Tree | undefined;
  private machine: Machine | undefined;
  private subscription = 0;
  private offerCount = 0;
  /** What the scheduler's operations did, as the master sees it: id -> its words. */
  private readonly operations = new Map<string, string>();
  /** `crash before commit` and `crash after commit` take effect at the next commit. */
  private crashAt: 'before' | 'after' | undefined;
  private readonly outcome: string[] = [];

  constructor(definitionOf: DefinitionOf) {
    this.definitionOf = definitionOf;
  }

  async line(words: string): Promise<string[]> {
    const [verb = '', ...rest] = words.split(/\s+/);
    const what = rest.join(' ');
    this.outcome.length = 0;
    switch (verb) {
      case 'service':
        this.name = rest[0] ?? '';
        this.candidate = this.definitionOf(this.name, pairs(rest.slice(1)));
        break;
      case 'start':
        await this.start();
        break;
      case 'subscribed':
        await this.mesos({
          type: 'SUBSCRIBED',
          subscribed: { framework_id: { value: FRAMEWORK }, heartbeat_interval_seconds: 15 },
        });
        break;
      case 'disconnected':
        await this.give({
          kind: 'connection',
          subscription: this.subscription,
          event: { kind: 'closed', reason: 'the stream ended' },
        });
        break;
      case 'offer':
        await this.offers([this.freshOffer(rest[0] ?? '', pairs(rest.slice(1)))]);
        break;
      case 'offers':
        await this.offers(this.equalOffers(rest));
        break;
      case 're-offer':
        await this.offers([this.footprintOffer(rest[0] ?? '', pairs(rest.slice(1)))]);
        break;
      case 're-offer-given-back':
        await this.offers([this.givenBackOffer(rest[0] ?? '')]);
        break;
      case 'status':
        await this.status(rest[0] ?? '', rest[1] ?? '', pairs(rest.slice(2)));
        break;
      case 'operation':
        await this.operation(rest[0] ?? '', rest[1] ?? '', pairs(rest.slice(2)));
        break;
      case 'operations':
        for (const id of [...this.operations.keys()])
          await this.finishOperation(id, `OPERATION_${what}` as OperationState, true);
        break;
      case 'pod':
        await this.pod(rest[0] ?? '', rest[1] ?? '', rest.slice(2));
        break;
      case 'operator':
        await this.operator(rest[0] ?? '', rest[1] ?? '', rest.slice(2));
        break;
      case 'settings':
        this.settings = { ...this.settings, backoff: { initialMs: 60_000, factor: 1.15, maxMs: 300_000 } };
        break;
      case 'uninstall':
        await this.start(true);
        break;
      case 'wait':
        await this.wait(Number(rest[0]) * 1000);
        break;
      case 'crash':
        if (what === '') this.crash();
        else this.crashAt = what.includes('before') ? 'before' : 'after';
        break;
      case 'plan':
        this.plan(rest[0] ?? '');
        break;
      case 'why':
        this.why(what);
        break;
      case 'env':
        this.env(rest[0] ?? '', rest[1] ?? '');
        break;
      case 'executors':
        this.executors(rest[0] ?? '');
        break;
      default:
        throw new Error(`no such line in a scenario: ${words}`);
    }
    return [...this.outcome];
  }

  private async start(uninstall = false): Promise<void> {
    if (!this.candidate) throw new Error('a scenario begins with a `service` line');
    const tree = openMemoryTree(this.data);
    this.data = tree.data;
    this.tree = tree;
    const stored = await load(tree, this.name);
    const booted = uninstall
      ? bootUninstall(stored, this.name, this.settings, this.now, this.newId)
      : boot(stored, this.candidate, this.settings, this.now, this.newId);
    if (!booted.ok) {
      this.outcome.push(...booted.errors.map((error) => `refused: ${error}`));
      return;
    }
    await tree.commit(nodeWrites(booted.writes));
    this.machine = createMachine({ state: booted.state, newId: this.newId, random: () => 0 }, this.now);
    await this.give({ kind: 'tick' });
  }

  private async give(input: Input): Promise<void> {
    if (!this.machine) return this.said('nobody: the scheduler is not running');
    let outputs: Output[] = this.machine.take(input, this.now);
    while (outputs.length > 0) {
      let next: Output[] = [];
      for (const output of outputs) {
        switch (output.kind) {
          case 'connect':
            this.subscription = output.subscription;
            this.call(output.call);
            break;
          case 'send':
            this.call(output.call);
            break;
          case 'commit':
            if (!(await this.commit(output.writes))) return;
            next = this.machine.take({ kind: 'committed' }, this.now);
            break;
          case 'reply':
            this.said(`reply ${JSON.stringify(output.reply)}`);
            break;
          case 'exit':
            this.said(`exit ${output.code}: ${output.message}`);
            this.crash();
            return;
          case 'disconnect':
          case 'note':
            break;
        }
      }
      outputs = next;
    }
  }

  /** False when the process died at it. */
  private async commit(writes: readonly Write[]): Promise<boolean> {
    const crashAt = this.crashAt;
    this.crashAt = undefined;
    if (crashAt === 'before') {
      this.crash();
      return false;
    }
    await this.tree?.commit(nodeWrites(writes));
    if (crashAt !== 'after') return true;
    this.crash();
    return false;
  }

  private crash(): void {
    this.machine = undefined;
    this.operations.clear();
    this.said('the process is gone');
  }

  private call(call: Call): void {
    for (const operation of call.type === 'ACCEPT' ? (call.accept.operations ?? []) : []) {
      if (operation.type === 'RESERVE' || operation.type === 'CREATE') this.keep(operation);
      if (operation.id) this.operations.set(operation.id.value, operationWords(operation, this.names));
    }
    this.said(callWords(call, this.names));
  }

  /** Reservations as the master holds them, by resource id; a volume takes the place of its disk. */
  private readonly reserved = new Map<string, Resource>();

  private keep(operation: Extract<OfferOperation, { type: 'RESERVE' | 'CREATE' }>): void {
    const resources = operation.type === 'RESERVE' ? operation.reserve.resources : operation.create.volumes;
    for (const resource of resources) this.reserved.set(resourceIdOf(resource) ?? '', resource);
  }

  private said(words: string): void {
    this.outcome.push(words);
  }

  private readonly names: Names = {
    task: (id) => id.split('__').at(-2) ?? id,
    offer: (id) => id,
    operation: (id) => this.operations.get(id)?.split(' ')[0] ?? this.service().operations.get(id)?.type ?? 'operation',
  };

  private mesos(event: MesosEvent): Promise<void> {
    return this.give({ kind: 'connection', subscription: this.subscription, event: { kind: 'event', event } });
  }

  private offers(offers: Offer[]): Promise<void> {
    return this.mesos({ type: 'OFFERS', offers: { offers } });
  }

  /** `offer agent-1 cpus=4 mem=4096 disk=10000 ports=10000-10999` */
  private freshOffer(agent: string, amounts: Record<string, string>): Offer {
    return this.offerOf(agent, freeResources(amounts));
  }

  /** `offers agent-1 agent-2 cpus=4 ...`: in one batch, as much of each agent. */
  private equalOffers(words: readonly string[]): Offer[] {
    const agents = words.filter((word) => !word.includes('='));
    return agents.map((agent) => this.freshOffer(agent, pairs(words.filter((word) => word.includes('=')))));
  }

  /**
   * `re-offer data-0 [cpus=...]`: what the pod's records have reserved and no living task uses, with free resources besides. A
   * living task's executor is named, as Mesos does.
   */
  private footprintOffer(pod: string, amounts: Record<string, string>): Offer {
    const bag = bagOf(freeResources(amounts));
    const records = [...this.service().tasks.values()].filter((record) => record.info.name.startsWith(`${pod}-`));
    const living = records.filter(isLive);
    const used = new Set(living.flatMap((record) => footprintIds(record.info)));
    const seen = new Set<string>();
    for (const { info } of records) {
      for (const resource of [...(info.resources ?? []), ...(info.executor?.resources ?? [])]) {
        const id = resourceIdOf(resource) ?? '';
        if (!used.has(id) && !seen.has(id)) add(bag, [resource]);
        seen.add(id);
      }
    }
    const agent = records[0]?.info.agent_id.value ?? '';
    const executors = living.map((record) => record.info.executor?.executor_id).filter((id) => id !== undefined);
    return { ...this.offerOf(agent, resourcesOf(bag)), executor_ids: executors };
  }

  /** `re-offer-given-back agent-1`: what the scheduler reserved on an agent and needs no more. */
  private givenBackOffer(agent: string): Offer {
    const given = [...this.service().abandoned.keys()].map((id) => this.reserved.get(id));
    return this.offerOf(agent, resourcesOf(bagOf(given.filter((resource) => resource !== undefined))));
  }

  private offerOf(agent: string, resources: Resource[]): Offer {
    return {
      id: { value: `offer-${++this.offerCount}` },
      framework_id: { value: FRAMEWORK },
      agent_id: { value: agent },
      hostname: agent,
      resources,
    };
  }

  private state(): State {
    if (!this.machine) throw new Error('the scheduler is not running');
    return this.machine.state;
  }

  private service() {
    const service = this.state().services.get(this.name);
    if (!service) throw new Error('there is no service');
    return service;
  }

  /** `status data-0-node RUNNING [id=old] [exit=0] [from=master]` */
  private async status(task: string, state: string, options: Record<string, string>): Promise<void> {
    const record = this.service().tasks.get(task);
    const id = options['id'] || record?.info.task_id.value || `${this.name}__${task}__unknown`;
    const exit = options['exit'];
    await this.mesos({
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: id },
          state: `TASK_${state}` as TaskState,
          agent_id: record?.info.agent_id ?? { value: 'agent-1' },
          timestamp: this.now / 1000,
          ...(options['from'] === 'master' ? {} : { uuid: Buffer.from(this.newId()).toString('base64') }),
          ...(exit === undefined ? {} : { check_status: { type: 'COMMAND', command: { exit_code: Number(exit) } } }),
        },
      },
    });
  }

  /** `operation RESERVE FINISHED [from=master]`: the newest open operation of that kind. */
  private async operation(kind: string, state: string, options: Record<string, string>): Promise<void> {
    const found = [...this.service().operations].reverse().find(([, operation]) => operation.type === kind);
    if (!found) throw new Error(`no ${kind} is under way`);
    await this.finishOperation(found[0], `OPERATION_${state}` as OperationState, options['from'] !== 'master');
  }

  private async finishOperation(id: string, state: OperationState, byAgent: boolean): Promise<void> {
    await this.mesos({
      type: 'UPDATE_OPERATION_STATUS',
      update_operation_status: {
        status: {
          operation_id: { value: id },
          state,
          agent_id: { value: 'agent-1' },
          ...(byAgent ? { uuid: { value: 'AAAA' } } : {}),
        },
      },
    });
    this.operations.delete(id);
  }

  /** `pod pause hello-0 [task ...]` */
  private async pod(verb: string, pod: string, tasks: string[]): Promise<void> {
    const kind = `pod-${verb}` as PodCommand['kind'];
    await this.command({ kind, service: this.name, pod, ...(tasks.length > 0 ? { tasks } : {}) });
  }

  /** `operator interrupt deploy [phase [step]]`, `operator start backup K=V` */
  private async operator(verb: string, plan: string, rest: string[]): Promise<void> {
    const service = this.name;
    if (verb === 'start') return this.command({ kind: 'plan-start', service, plan, parameters: pairs(rest) });
    const [phase, ...words] = rest;
    const step = words.length > 0 ? words.join(' ') : undefined;
    const element = { ...(phase ? { phase } : {}), ...(step ? { step } : {}) };
    await this.command({ kind: `plan-${verb}`, service, plan, ...element } as PlanCommand);
  }

  private command(command: Command): Promise<void> {
    return this.give({ kind: 'command', id: 1, command });
  }

  private async wait(ms: number): Promise<void> {
    const until = this.now + ms;
    while (this.machine && this.machine.wakeAt() <= until) {
      this.now = Math.max(this.now, this.machine.wakeAt());
      await this.give({ kind: 'tick' });
    }
    this.now = until;
  }

  private plan(name: string): void {
    const plan = plansOf(this.service(), this.state().session, this.now).find((candidate) => candidate.name === name);
    if (!plan) throw new Error(`there is no plan ${name}`);
    this.said(`${plan.name} ${plan.status}${plan.errors.map((error) => `\n${error}`).join('')}`);
    for (const phase of plan.phases) {
      const steps = phase.steps.map((step) => `${step.name} ${step.status}${step.recovery ? ` ${step.recovery}` : ''}`);
      this.said(`${phase.name} ${phase.status}: ${steps.join(', ')}`);
    }
  }

  private why(step: string): void {
    const { explanations } = this.state().session;
    const plan = ['deploy', 'recovery'].find((name) => explanations.has(stepId(this.name, name, step))) ?? '';
    for (const reason of explanations.get(stepId(this.name, plan, step))?.reasons ?? []) {
      this.said(`${reason.agent}: ${reason.need}, wanted ${reason.wanted}, had ${reason.had}`);
    }
  }

  /** `env hello-0-server COLOUR`: what the newest launch of a task was told, which shows the configuration it runs under. */
  private env(task: string, name: string): void {
    const variables = this.service().tasks.get(task)?.info.command?.environment?.variables ?? [];
    this.said(variables.find((variable) => variable.name === name)?.value ?? 'not set');
  }

  /** `executors hello-0`: the launched tasks of a pod instance, one line for each executor that they share. */
  private executors(pod: string): void {
    const byExecutor = new Map<string, string[]>();
    for (const record of this.service().tasks.values()) {
      if (!record.info.name.startsWith(`${pod}-`) || !wasLaunched(record)) continue;
      const id = record.info.executor?.executor_id.value ?? '';
      byExecutor.set(id, [...(byExecutor.get(id) ?? []), record.info.name]);
    }
    for (const tasks of byExecutor.values()) this.said(`one executor: ${tasks.sort().join(', ')}`);
  }
}

function pairs(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]));
}

function freeResources(amounts: Record<string, string>): Resource[] {
  return Object.entries(amounts).map(([name, amount]): Resource => {
    if (name !== 'ports') return { name, type: 'SCALAR', scalar: { value: Number(amount) } };
    const [begin = 0, end = 0] = amount.split('-').map(Number);
    return { name, type: 'RANGES', ranges: { range: [{ begin, end }] } };
  });
}
