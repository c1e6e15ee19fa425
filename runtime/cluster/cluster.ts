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
import type { Resource } from '../kit/mesos.ts';
import type { AgentConfig } from './agent-contract.ts';
import { type RunningAgent, startAgent } from './agent-shell.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint.ts';
import { claimDirectory } from './claim.ts';
import { drive } from './drive.ts';
import { createMasterHttp } from './http.ts';
import { createMaster, type MasterInput, type MasterOutput, type MasterRegistry } from './master.ts';
import { startReaper } from './reaper.ts';

export interface ClusterOptions {
  /** How many; named `agent-1`, `agent-2`, ... */
  agents: number;
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

  const server = createServer({ keepAliveTimeout: 0 }, refuseForNow);
  try {
    await listen(server, options.port);
  } catch (error) {
    claim.release();
    throw error;
  }
  const { port } = server.address() as AddressInfo;

  const reaper = startReaper();
  // Processes of a cluster that died together with its reaper.
  await reaper.watch('former', `MESOS_SANDBOX=${workDir}/`);
  await reaper.end('former');

  const registryFile = `${workDir}/master.json`;
  const registry = await readCheckpoint<MasterRegistry>(registryFile);
  const master = createMaster({ host, port, newId: randomId, ...(registry ? { registry } : {}) });
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

  const names = Array.from({ length: options.agents }, (_, index) => `agent-${index + 1}`);
  for (const [index, hostname] of names.entries()) {
    const config = agentConfig(workDir, hostname, index);
    agents.push(await startAgent(config, reaper, (message) => driver.put({ kind: 'agent', agent: index, message })));
  }

  return {
    url: `http://${host}:${port}`,
    port,
    agents: names,
    async close(graceMs = Number.POSITIVE_INFINITY) {
      await driver.stop();
      http.close();
      server.close();
      server.closeAllConnections();
      await Promise.all(agents.map((agent) => agent.close(graceMs)));
      await reaper.close();
      claim.release();
    },
  };

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

/** Each agent is a machine of its own: 4 cpus, 8 GB, 20 GB, and a thousand ports that no other agent has. */
function agentConfig(workDir: string, hostname: string, index: number): Omit<AgentConfig, 'saved'> {
  const firstPort = 10_000 + index * 1000;
  return {
    hostname,
    ip: host,
    port: 5051 + index,
    resources: [
      scalar('cpus', 4),
      scalar('mem', 8192),
      scalar('disk', 20_000),
      { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: firstPort, end: firstPort + 999 }] } },
    ],
    attributes: [],
    workDir: `${workDir}/${hostname}`,
    newId: randomId,
  };
}

function scalar(name: string, value: number): Resource {
  return { name, type: 'SCALAR', scalar: { value } };
}
