/**
 * Definitions as large as a case needs them. Promises ones without a mistake, whose pods have what pods usually have: tags, a placement
 * rule, ports, a volume, checks, variables.
 */

/** Of the whole file, and of each pod. */
const HEAD_LINES = 5;
const POD_LINES = 15;

/** What the tags of `definitionOf` ask for. */
export const environment = {
  NAME: 'shop',
  COUNT: '3',
  CPUS: '0.5',
  MEMORY: '256',
  PLACEMENT: '[["hostname", "UNIQUE"]]',
};

/** A whole number of pods and the rest empty lines. */
export function definitionOfLines(lines) {
  const pods = Math.floor((lines - HEAD_LINES) / POD_LINES);
  return definitionOf(pods) + '\n'.repeat(lines - HEAD_LINES - pods * POD_LINES);
}

export function definitionOf(pods) {
  const head = `# ${pods} pod types, one task each.\nname: {{NAME}}\nscheduler:\n  user: root\npods:\n`;
  return head + Array.from({ length: pods }, (_, index) => podOf(index)).join('');
}

function podOf(index) {
  return `  pod-${index}:
    count: {{COUNT}}
    placement: '{{{PLACEMENT}}}'
    tasks:
      server:
        goal: RUNNING
        cmd: ./server --port $PORT_WEB --dir data
        env: { HEAP: '{{MEMORY}}', LEVEL: info }
        cpus: {{CPUS}}
        memory: {{MEMORY}}
        ports:
          web-${index}: { port: 0, env-key: PORT_WEB, advertise: true, vip: { port: 80 } }
        volume: { path: data, type: ROOT, size: 1024 }
        health-check: { cmd: ./alive, interval: 10, delay: 0, timeout: 5, grace-period: 30, max-consecutive-failures: 3 }
        readiness-check: { cmd: ./ready, interval: 5, timeout: 5 }
`;
}
