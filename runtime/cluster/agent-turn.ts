/**
 * One turn of an agent: what it decided so far about one input. Promises that the checkpoint, when anything changed, comes before
 * everything else; it never outlives the input.
 */
import type { AgentOutput, AgentSaved } from './agent-contract.ts';
import type { AgentToMaster } from './message.ts';

export interface Turn {
  /** Milliseconds. */
  now: number;
  outputs: AgentOutput[];
  /** Whether what must survive a power cut has changed. */
  changed: boolean;
}

export function beginTurn(turn: Turn, now: number): void {
  turn.now = now;
  turn.outputs = [];
  turn.changed = false;
}

export function endTurn(turn: Turn, checkpoint: () => AgentSaved): AgentOutput[] {
  return turn.changed ? [{ kind: 'save', saved: checkpoint }, ...turn.outputs] : turn.outputs;
}

export function tell(turn: Turn, message: AgentToMaster): void {
  turn.outputs.push({ kind: 'master', message });
}
