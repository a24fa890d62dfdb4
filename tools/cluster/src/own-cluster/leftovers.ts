import { globSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, programOf } from '@sluice/test-servers';
import { runProgram } from '../programs/kubectl.js';

const NAMESPACES = '/run/netns';
const CGROUPS = '/sys/fs/cgroup/{,*/}kubepods';

/**
 * Kills by pid each process with this folder on the command line, because containers outlive their
 * parent process. Unmounts all mounts below the folder.
 */
export async function endLeftovers(folder: string): Promise<void> {
  const all = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
  const named = all.filter((pid) => programOf(pid).includes(`${folder}/`));
  const parents = new Map(all.map((pid): [number, number] => [pid, parentOf(pid)]));
  const pids = withDescendants(named, parents);
  for (const pid of pids) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 50 && pids.some(isAlive); tries += 1) await sleep(100);
  for (const place of mountsBelow(readFileSync('/proc/mounts', 'utf8'), folder))
    await runProgram('umount', ['--lazy', place]).catch(() => undefined);
}

/**
 * Adds the descendants of the processes. A process in a container names no folder, but the parent
 * process does.
 */
export function withDescendants(
  pids: readonly number[],
  parents: ReadonlyMap<number, number>,
): readonly number[] {
  const found = new Set(pids);
  for (const pid of found)
    for (const [child, parent] of parents) if (parent === pid) found.add(child);
  return [...found];
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0; // the process has ended
  }
}

/** The innermost first. */
export function mountsBelow(mounts: string, folder: string): readonly string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`))
    .toReversed();
}

/** Records the state of the machine before a cluster starts, for the clean-up afterwards. */
export class PlacesBefore {
  private readonly namespaces = new Set(namespaces());
  private readonly cgroups = new Set(globSync(CGROUPS));

  /** Removes the added pod networks, the bridge, and the added cgroups. */
  async restore(bridge: string): Promise<void> {
    for (const name of namespaces().filter((one) => !this.namespaces.has(one)))
      await runProgram('ip', ['netns', 'delete', name]).catch(() => undefined);
    await runProgram('ip', ['link', 'delete', bridge]).catch(() => undefined);
    const added = globSync(CGROUPS).filter((one) => !this.cgroups.has(one));
    for (const folder of added.flatMap((top) => [...foldersBelow(top), top])) removeEmpty(folder);
  }
}

function namespaces(): readonly string[] {
  return globSync(`${NAMESPACES}/cni-*`).map((path) => path.slice(NAMESPACES.length + 1));
}

function foldersBelow(top: string): readonly string[] {
  return readdirSync(top, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [...foldersBelow(`${top}/${name}`), `${top}/${name}`]);
}

/** Removes an empty cgroup; a cgroup with processes stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
}
