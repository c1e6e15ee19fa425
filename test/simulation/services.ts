/** The services that scenarios and the simulator run. */
import type { PodSpec, ServiceSpec } from '../../runtime/spec/service.ts';

/** data-store as its package configures it: `METADATA_COUNT`, `DATA_COUNT`, `DATA_CPUS` and so on override. */
export async function specOf(name: string, env: Record<string, string>): Promise<ServiceSpec> {
  const number = (key: string, otherwise: number) => Number(env[key] ?? otherwise);
  const pod = (type: string, count: number, cpus: number): PodSpec => ({
    type,
    user: 'root',
    count,
    allowDecommission: false,
    ...(type === 'meta-data' ? { placement: { kind: 'max-per', field: 'hostname', max: 1 } } : {}),
    tasks: [
      {
        name: 'node',
        goal: 'RUNNING',
        essential: true,
        resourceSet: {
          id: 'node-resource-set',
          cpus,
          memoryMb: 128,
          ports: type === 'data' ? [{ name: 'client', port: 0, envKey: 'PORT_CLIENT', advertise: true }] : [],
          volumes: [{ type: 'ROOT', containerPath: 'volume', sizeMb: 256 }],
        },
        command: 'true',
        environment: { SLEEP: env['SLEEP'] ?? '1' },
        killGracePeriodSeconds: 3,
        ...(type === 'data' && env['READINESS']
          ? { readinessCheck: { command: 'true', delaySeconds: 0, intervalSeconds: 1, timeoutSeconds: 5 } }
          : {}),
      },
    ],
  });
  return {
    name,
    role: `${name}-role`,
    principal: `${name}-principal`,
    user: 'root',
    zookeeper: 'master.mesos:2181',
    pods: [
      pod('meta-data', number('METADATA_COUNT', 2), 500),
      pod('data', number('DATA_COUNT', 3), number('DATA_CPUS', 0.5) * 1000),
    ],
  };
}
