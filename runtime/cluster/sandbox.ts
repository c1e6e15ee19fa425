/**
 * The files of an agent: sandboxes and persistent volumes below its work directory. It promises that a removed volume is gone at
 * once, however big; it never touches a path that leaves the work directory.
 */
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { NewId } from '../kit/clock.ts';
import type { VolumeLink } from './agent-contract.ts';

export interface Sandboxes {
  /** Makes the directory of a container with its volumes linked in. Throws in words for the task's status. */
  prepare(directory: string, volumes: readonly VolumeLink[]): void;
  makeVolume(path: string): void;
  /** Removes a volume or an old sandbox; not an error when it is not there. */
  remove(path: string): void;
}

export function createSandboxes(workDir: string, newId: NewId): Sandboxes {
  const trash = `${workDir}/trash`;
  rmSync(trash, { recursive: true, force: true });
  mkdirSync(trash, { recursive: true });
  return {
    prepare(directory, volumes) {
      mkdirSync(below(workDir, directory), { recursive: true });
      for (const { containerPath, hostPath } of volumes) {
        // Other isolators of Mesos can mount these; a link cannot (trace 10).
        if (containerPath.startsWith('/')) throw new Error(`the volume's container_path ${containerPath} is absolute`);
        const link = below(directory, `${directory}/${containerPath}`);
        mkdirSync(below(workDir, hostPath), { recursive: true });
        mkdirSync(dirname(link), { recursive: true });
        symlinkSync(hostPath, link);
      }
    },
    makeVolume(path) {
      mkdirSync(below(workDir, path), { recursive: true });
    },
    remove(path) {
      const doomed = `${trash}/${newId()}`;
      try {
        renameSync(below(workDir, path), doomed);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
        throw error;
      }
      // What this does not finish, the next start does.
      rm(doomed, { recursive: true, force: true }).catch(() => {});
    },
  };
}

function below(directory: string, path: string): string {
  const full = resolve(path);
  if (!full.startsWith(resolve(directory) + sep)) throw new Error(`${path} leaves ${directory}`);
  return full;
}
