/**
 * The files of an agent: sandboxes and persistent volumes below its work directory. It promises that a removed volume is gone at
 * once, however big; it never touches a path that leaves the work directory.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import type { NewId } from '../kit/clock.ts';
import type { VolumeLink } from './agent-contract.ts';

export interface Sandboxes {
  /** Makes the directory of a container with its volumes linked in, unless they are. Throws in words for the task's status. */
  prepare(directory: string, volumes: readonly VolumeLink[]): void;
  makeVolume(path: string): void;
  /** Removes all other volumes: the end of each was stored, but the process died before it could remove the files. */
  keepVolumes(paths: readonly string[]): void;
  /** Removes a volume or an old sandbox; not an error when it is not there. */
  remove(path: string): void;
}

export function createSandboxes(workDir: string, newId: NewId): Sandboxes {
  const trash = `${workDir}/trash`;
  rmSync(trash, { recursive: true, force: true });
  mkdirSync(trash, { recursive: true });

  function remove(path: string): void {
    // Remembered from before the work directory was moved: it is not there any more, whoever has the place now.
    if (!isBelow(workDir, path)) return;
    const doomed = `${trash}/${newId()}`;
    try {
      renameSync(path, doomed);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    // What this does not finish, the next start does.
    rm(doomed, { recursive: true, force: true }).catch(() => {});
  }

  return {
    prepare(directory, volumes) {
      mkdirSync(below(workDir, directory), { recursive: true });
      for (const { containerPath, hostPath, foreign } of volumes) {
        // Other isolators of Mesos can mount these; a link cannot (trace 10).
        if (containerPath.startsWith('/')) throw new Error(`the volume's container_path ${containerPath} is absolute`);
        const link = below(directory, `${directory}/${containerPath}`);
        if (!foreign) mkdirSync(below(workDir, hostPath), { recursive: true });
        else if (!existsSync(hostPath)) throw new Error(`the volume's host_path ${hostPath} does not exist`);
        mkdirSync(dirname(link), { recursive: true });
        if (!existsSync(link)) symlinkSync(hostPath, link);
      }
    },
    makeVolume(path) {
      mkdirSync(below(workDir, path), { recursive: true });
    },
    keepVolumes(paths) {
      for (const path of volumesIn(workDir)) if (!paths.includes(path)) remove(path);
    },
    remove,
  };
}

function volumesIn(workDir: string): string[] {
  const roles = `${workDir}/volumes/roles`;
  return directoriesIn(roles).flatMap((role) =>
    directoriesIn(`${roles}/${role}`).map((id) => `${roles}/${role}/${id}`),
  );
}

function directoriesIn(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function below(directory: string, path: string): string {
  if (!isBelow(directory, path)) throw new Error(`${path} leaves ${directory}`);
  return resolve(path);
}

/** Whether the path is in the directory or deeper. */
export function isBelow(directory: string, path: string): boolean {
  return resolve(path).startsWith(resolve(directory) + sep);
}
