/** Every field of the language that a hand-made definition leaves at its default. */
export const plainPod = {
  networks: [],
  rlimits: [],
  secrets: [],
  uris: [],
  volumes: [],
  hostVolumes: [],
  externalVolumes: [],
  sharePidNamespace: false,
} as const;

export const plainTask = { configs: [], transportEncryption: [], labels: {} } as const;

export const plainSet = { gpus: 0, ports: [], volumes: [], limits: {} } as const;
