/**
 * The master of the simulated cluster: the product's own machine, which keeps only its registry when it is restarted, and the
 * scheduler's connections to it. Promises that what one connection carries keeps its order.
 */
import {
  createMaster,
  type MasterInput,
  type MasterOutput,
  type MasterRegistry,
} from '../../runtime/cluster/master.ts';
import type { AgentToMaster, MasterToAgent } from '../../runtime/cluster/message.ts';
import type { Call, MesosEvent } from '../../runtime/kit/mesos-call.ts';
import type { ConnectionEvent } from '../../runtime/loop/machine.ts';
import type { Agenda, Timer } from './agenda.ts';
import { type Chance, countingIds } from './ids.ts';

export interface AroundMaster {
  toAgent(link: number, message: MasterToAgent): void;
  toScheduler(subscription: number, event: ConnectionEvent): void;
  /** Ids of agents that are marked as gone: this master has no such call, so it is told in its place. */
  gone: ReadonlySet<string>;
}

export class SimulatedMaster {
  private machine;
  private registry: MasterRegistry | undefined;
  isUp = true;
  private starts = 0;
  private readonly timer: Timer;
  /** The scheduler's newest connection, its subscription, and what is wrong with it. */
  private connection = 0;
  private subscription = 0;
  private streamId: string | undefined;
  private isSilent = false;
  private wireFreeAt = 0;
  private readonly agenda: Agenda;
  private readonly chance: Chance;
  private readonly around: AroundMaster;

  constructor(agenda: Agenda, chance: Chance, around: AroundMaster) {
    this.agenda = agenda;
    this.chance = chance;
    this.around = around;
    this.timer = agenda.timer(() => this.take({ kind: 'tick' }));
    this.machine = this.boot();
  }

  private boot() {
    const start = ++this.starts;
    const { registry } = this;
    const agents = registry?.agents.filter((id) => !this.around.gone.has(id)) ?? [];
    return createMaster({
      id: `master-${start}`,
      host: '127.0.0.1',
      port: 5050,
      newId: countingIds(start + 1),
      ...(registry ? { registry: { ...registry, agents } } : {}),
    });
  }

  /** Everything but the registry is lost; agents and the scheduler find it again by themselves. */
  restart(downMs: number): boolean {
    if (!this.isUp) return false;
    this.isUp = false;
    this.timer.at = Number.POSITIVE_INFINITY;
    this.closed('the master is gone');
    this.agenda.after(downMs, () => {
      this.machine = this.boot();
      this.isUp = true;
    });
    return true;
  }

  take(input: MasterInput): void {
    if (!this.isUp) return;
    for (const output of this.machine.take(input, this.agenda.now)) this.act(output);
    this.timer.at = this.machine.wakeAt() ?? Number.POSITIVE_INFINITY;
  }

  fromAgent(link: number, message: AgentToMaster): void {
    this.take({ kind: 'agent', agent: link, message });
  }

  view(): Record<string, unknown> {
    return this.machine.state(this.agenda.now);
  }

  // ---- the scheduler's side of the wire

  connect(subscription: number, call: Call): void {
    const connection = ++this.connection;
    this.subscription = subscription;
    this.streamId = undefined;
    this.isSilent = false;
    this.wireFreeAt = 0;
    // A process that died meanwhile is not heard after the one that came next.
    const isNewest = () => connection === this.connection;
    if (this.isUp) this.onWire(() => isNewest() && this.take({ kind: 'call', connection, call }));
    else this.onWire(() => this.closed('connection refused', connection));
  }

  send(call: Call): void {
    const { connection, streamId } = this;
    if (this.isSilent) return;
    const stream = streamId === undefined ? {} : { streamId };
    this.onWire(() => this.take({ kind: 'call', connection: -connection, call, ...stream }));
  }

  private onWire(arrive: () => unknown): void {
    this.wireFreeAt = Math.max(this.wireFreeAt, this.agenda.now + 1 + this.chance.int(3));
    this.agenda.after(this.wireFreeAt - this.agenda.now, () => void arrive());
  }

  /** The scheduler's end is closed: by its death, or because it gave up. */
  hungUp(): void {
    const { connection } = this;
    this.agenda.after(1, () => this.take({ kind: 'disconnected', connection }));
  }

  /** Both ends hear at once that the connection is gone. */
  breakConnection(): void {
    this.take({ kind: 'disconnected', connection: this.connection });
    this.closed('cut');
  }

  /** Nothing passes any more in either direction, and neither end is told. */
  silence(): void {
    this.isSilent = true;
  }

  private closed(reason: string, connection = this.connection): void {
    if (connection === this.connection) this.around.toScheduler(this.subscription, { kind: 'closed', reason });
  }

  private act(output: MasterOutput): void {
    switch (output.kind) {
      case 'answer':
        if (output.connection === this.connection && output.status === 200) {
          this.streamId = output.streamId;
          this.around.toScheduler(this.subscription, { kind: 'opened' });
        } else if (output.status >= 400 && Math.abs(output.connection) === this.connection) {
          this.closed(output.body ?? '');
        }
        return;
      case 'event':
        if (output.connection !== this.connection || this.isSilent) return;
        this.around.toScheduler(this.subscription, { kind: 'event', event: withGone(output.event, this.around.gone) });
        return;
      case 'close':
        if (!this.isSilent) this.closed('closed by the master', output.connection);
        return;
      case 'agent':
        this.around.toAgent(output.agent, output.message);
        return;
      case 'save':
        this.registry = output.registry;
    }
  }
}

/** What a master says once an agent is marked as gone, instead of that it cannot be reached. */
function withGone(event: MesosEvent, gone: ReadonlySet<string>): MesosEvent {
  if (event.type === 'UPDATE') {
    const { status } = event.update;
    const isOut = ['TASK_UNREACHABLE', 'TASK_UNKNOWN', 'TASK_GONE'].includes(status.state);
    if (!isOut || !gone.has(status.agent_id?.value ?? '')) return event;
    return { type: 'UPDATE', update: { status: { ...status, state: 'TASK_GONE_BY_OPERATOR' } } };
  }
  if (event.type === 'UPDATE_OPERATION_STATUS') {
    const { status } = event.update_operation_status;
    const isOut = ['OPERATION_UNREACHABLE', 'OPERATION_UNKNOWN'].includes(status.state);
    if (!isOut || !gone.has(status.agent_id?.value ?? '')) return event;
    const told = { ...status, state: 'OPERATION_GONE_BY_OPERATOR' as const };
    return { type: 'UPDATE_OPERATION_STATUS', update_operation_status: { status: told } };
  }
  return event;
}
