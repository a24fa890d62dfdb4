import type { RunnerEnd } from './runner-end.mjs';

export interface RunnerRun {
  readonly report: string;
  readonly limitMs: number;
  readonly graceMs: number;
  readonly env: NodeJS.ProcessEnv;
  readonly showsOutput: boolean;
}

export function runRunner(
  program: string,
  args: readonly string[],
  run: RunnerRun,
): Promise<RunnerEnd & { readonly lingered: string | null; readonly stderr: string | null }>;
