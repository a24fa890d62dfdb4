import type { SpawnSyncOptions, SpawnSyncReturns } from 'node:child_process';

export function runChild(
  program: string,
  args: readonly string[],
  options: SpawnSyncOptions,
): SpawnSyncReturns<string>;
