import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CliError, type ExitCode } from '../errors/errors.js';

/** The auditor's program in this workspace; `src` and `dist` are equally deep. */
const PROGRAM = fileURLToPath(new URL('../../../../apps/auditor/dist/verify.js', import.meta.url));

interface Verification {
  readonly lines: readonly string[];
  readonly code: ExitCode;
}

/**
 * Runs the verification as a process of its own, with the environment of this command. Its progress
 * goes to stderr at once.
 */
export async function runVerification(
  since: string,
  program: string = PROGRAM,
): Promise<Verification> {
  if (!existsSync(program))
    throw new CliError(
      `${program} is missing; build the auditor, or name its verify.js with --program`,
      2,
    );
  const child = spawn(process.execPath, [program, '--since', since], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { lines: out.split('\n').filter((line) => line !== ''), code: exitCodeOf(code) };
}

/** A killed process has verified nothing. */
function exitCodeOf(code: number | null): ExitCode {
  return code === 0 || code === 1 ? code : 2;
}
