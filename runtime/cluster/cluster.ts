/**
 * The embedded cluster: one master and its agents in this process, real HTTP on loopback, real processes, one work directory. It
 * promises that what the agents hold survives the end of the process, and that no task process does.
 */

import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assertNever } from '../kit/assert.ts';
import { randomId, systemClock } from '../kit/clock.ts';
import { makeDirectory } from '../kit/directory.ts';
import type { DomainInfo } from '../kit/mesos.ts';
import type { AgentConfig } from './agent-contract.ts';
import { type RunningAgent, startAgent } from './agent-shell.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { claimDirectory } from './claim.ts';
import { drive } from './drive.ts';
import { createMasterHttp } from './http.ts';
import { type Machine, ordinary, resourcesOfMachine } from './machine.ts';
import { createMaster, type MasterInput, type MasterOutput, type MasterRegistry } from './master.ts';
import { startReaper } from './reaper.ts';

export { MachineTooSmall } from './machine-change.ts';

export interface ClusterOptions {
  /** How many ordinary ones, or what machines they are; named `agent-1`, `agent-2`, ... */
  agents: number | readonly Machine[];
  /** Where the master is. */
  domain?: DomainInfo;
  /** Of the master, on 127.0.0.1; 0 takes a free one. */
  port: number;
  workDir: string;
}

export interface Cluster {
  readonly url: string;
  readonly port: number;
  /** Hostnames of the agents. */
  readonly agents: readonly string[];
  /**
   * Ends the cluster: each task gets SIGTERM, and SIGKILL after its own grace period, `graceMs` at most. To the next start it was
   * a power cut: what the tasks said while they were ended is not remembered.
   */
  close(graceMs?: number): Promise<void>;
}

/** The work directory belongs to another living cluster. */
export class WorkDirHeld extends Error {
  override name = 'WorkDirHeld';
}

const host = '127.0.0.1';
/** What `GET /version` says: the Mesos whose traces this cluster follows. */
const version = '1.12.0';

/** Rejects with `WorkDirHeld`, or with the system's error when the port is taken (`EADDRINUSE`). */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  makeDirectory(options.workDir);
  const workDir = realpathSync(options.workDir);
  const claim = claimDirectory(workDir);
  if ('heldBy' in claim) throw new WorkDirHeld(`process ${claim.heldBy} runs a cluster in ${workDir}`);
  const { release } = claim;

  const server = createServer({ keepAliveTimeout: 0 }, refuseForNow);
  try {
    await listen(server, options.port);
  } catch (error) {
    release();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  const reaper = startReaper();
  // Processes of a cluster that died together with its reaper.
  await reaper.watch('former', `MESOS_SANDBOX=${workDir}/`);
  await reaper.end('former');

  const registryFile = `${workDir}/master.json`;
  const registry = await readCheckpoint<MasterRegistry>(registryFile);
  const master = createMaster({
    host,
    port,
    newId: randomId,
    ...(registry && { registry }),
    ...(options.domain && { domain: options.domain }),
  });
  const agents: RunningAgent[] = [];
  const driver = drive<MasterInput, MasterOutput>(
    master,
    { save: (output) => writeCheckpoint(registryFile, output.registry), act },
    systemClock,
  );
  const http = createMasterHttp((input) => driver.put(input), {
    '/health': () => undefined,
    '/state': () => master.state(systemClock()),
    '/slaves': () => master.slaves(systemClock()),
    '/version': () => ({ version }),
  });
  server.off('request', refuseForNow).on('request', http.listener);

  const machines =
    typeof options.agents === 'number' ? Array.from({ length: options.agents }, () => ordinary) : options.agents;
  try {
    for (const [index, machine] of machines.entries()) {
      const config = agentConfig(workDir, machine, index);
      agents.push(await startAgent(config, reaper, (message) => driver.put({ kind: 'agent', agent: index, message })));
    }
  } catch (error) {
    await close(0);
    throw error;
  }
  return { url: `http://${host}:${port}`, port, agents: machines.map((_, index) => hostname(index)), close };

  async function close(graceMs = Number.POSITIVE_INFINITY): Promise<void> {
    await driver.stop();
    http.close();
    server.close();
    server.closeAllConnections();
    await Promise.all(agents.map((agent) => agent.close(graceMs)));
    await reaper.close();
    release();
  }

  function act(output: Exclude<MasterOutput, { kind: 'save' }>): void {
    switch (output.kind) {
      case 'answer':
      case 'event':
      case 'close':
        http.act(output);
        break;
      case 'agent':
        agents[output.agent]?.deliver(output.message);
        break;
      default:
        assertNever(output);
    }
  }
}

/** Until the master has recovered. A scheduler that got no answer at all would wait for one, long after the master could give it. */
function refuseForNow(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503, { Connection: 'close' }).end('Master has not finished recovery');
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

function hostname(index: number): string {
  return `agent-${index + 1}`;
}

function agentConfig(workDir: string, machine: Machine, index: number): Omit<AgentConfig, 'saved'> {
  const { attributes = [], domain } = machine;
  return {
    hostname: hostname(index),
    ip: host,
    port: 5051 + index,
    resources: resourcesOfMachine(machine, index),
    attributes,
    ...(domain && { domain }),
    workDir: `${workDir}/${hostname(index)}`,
    newId: randomId,
  };
}
