import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile, isAlive, programOf } from '@sluice/test-servers';

interface Recorded {
  readonly pid: number;
  readonly program: string;
}

/**
 * Records the running processes, to let the next start end processes left by a crash. The guard
 * ends them earlier if the guard survived.
 */
export function recordProcesses(file: string, pids: readonly number[]): void {
  writeJsonFile(
    file,
    pids.map((pid): Recorded => ({ pid, program: programOf(pid) })),
  );
}

/**
 * Ends processes still running from an earlier start. A pid reused by another program is ignored.
 */
export async function endOrphans(file: string): Promise<readonly number[]> {
  const recorded = readJsonFile<readonly Recorded[]>(file) ?? [];
  const lives = ({ pid, program }: Recorded): boolean =>
    program !== '' && isAlive(pid) && programOf(pid) === program;
  const orphans = recorded.filter(lives);
  for (const { pid } of orphans) process.kill(pid, 'SIGINT');
  for (let tenths = 0; tenths < 80 && orphans.some(lives); tenths += 1) await sleep(100);
  for (const { pid } of orphans.filter(lives)) process.kill(pid, 'SIGKILL');
  return orphans.map(({ pid }) => pid);
}
