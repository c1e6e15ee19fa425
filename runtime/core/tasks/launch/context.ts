/** What the messages of a launch are made from. Promises everything at once: no builder looks anything up. */
import type { Offer } from '../../../kit/mesos.ts';
import type { PodSpec, PortSpec, ServiceSpec } from '../../../spec/service.ts';
import type { Settings } from '../../state.ts';

/** Everything about a launch that is the same for all tasks of the pod instance. */
export interface LaunchContext {
  readonly settings: Settings;
  readonly frameworkId: string;
  readonly spec: ServiceSpec;
  readonly configId: string;
  readonly pod: PodSpec;
  readonly index: number;
  /** Any offer of the agent: host name, attributes and domain are the agent's. */
  readonly offer: Offer;
  /** Of the plan that launches: extra environment of commands, not of checks. */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A port as its definition has it, and the number that it got. */
export interface AssignedPort extends Omit<PortSpec, 'port' | 'ranges'> {
  readonly number: number;
}
