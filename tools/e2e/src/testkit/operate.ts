import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { TestSystem } from './given-system.js';

interface Operated {
  readonly exitCode: number;
  readonly json: unknown;
  readonly stderr: string;
}

const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));

/** Runs the operator command in script mode: returns a single JSON document and the exit code. */
export function operate(
  { runFile }: Pick<TestSystem, 'runFile'>,
  words: readonly string[],
): Promise<Operated> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [CLI, ...words, '--json', '--run', runFile],
      { env: process.env },
      (error, stdout, stderr) => {
        const exitCode = error?.code ?? 0;
        if (typeof exitCode !== 'number')
          return reject(error ?? new Error('the operator command could not be started'));
        resolve({ exitCode, json: stdout === '' ? null : JSON.parse(stdout), stderr });
      },
    );
  });
}
