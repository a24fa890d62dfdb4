// Runs the child processes of the build tools. A program that cannot start has no exit code and no
// output: its error is the only reason.
import { spawn, spawnSync } from 'node:child_process';

const REMEDIES = {
  ENOENT: (program) =>
    program === 'nx'
      ? 'node_modules is incomplete: delete the folder node_modules, and run the command again'
      : `install ${program}, or add its folder to PATH`,
  EACCES: () => 'allow the execution of the program; a file system mounted with noexec allows none',
  EAGAIN: () => 'raise the limit of processes (ulimit -u), or end other programs',
  EMFILE: () => 'raise the limit of open files (ulimit -n)',
  ENOMEM: () => 'free memory, or end other programs',
  ENOBUFS: () => 'the output is longer than expected: report this as a defect',
};

/** Runs a program to its end, like `spawnSync`. Throws an error with a remedy if the program cannot start. */
export function runChild(program, args, options) {
  const result = spawnSync(program, args, options);
  if (result.error) throw notStarted(program, result.error);
  return result;
}

/**
 * Runs a program with the output of this process, and without input. Resolves with the exit code,
 * null after a signal. Throws like `runChild`.
 */
export function startChild(program, args, options) {
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(program, error)));
    child.once('exit', resolve);
  });
}

/** Returns an error with program, reason and remedy, for a program that could not start. */
export function notStarted(program, error) {
  const remedy = REMEDIES[error.code]?.(program);
  return new Error(
    `${program} cannot be started (${error.message})${remedy === undefined ? '' : `; ${remedy}`}`,
    { cause: error },
  );
}
