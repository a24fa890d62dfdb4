import { setTimeout as sleep } from 'node:timers/promises';
import { readJsonFile, writeJsonFile, isAlive, programOf } from '@sluice/test-servers';

interface Recorded {
  readonly pid: number;
  readonly program: string;
}

/** Notes what runs, so that the next start can end what a crash left behind. The guard does the same sooner, if it survived. */
export function recordProcesses(file: string, pids: readonly number[]): void {
  writeJsonFile(
    file,
    pids.map((pid): Recorded => ({ pid, program: programOf(pid) })),
  );
}

/** Ends the processes of an earlier start that still run; a pid that now belongs to another program is left alone. */
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
