import { spawn } from 'node:child_process';

interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  readonly cwd?: string;
}

/**
 * Runs a program and returns the standard output. Throws the error output if the exit code is not
 * 0.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { env, input, cwd }: ProgramOptions = {},
): Promise<string> {
  const child = spawn(program, args, { ...(env && { env }), ...(cwd !== undefined && { cwd }) });
  const out: string[] = [];
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => out.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  child.stdin.on('error', () => undefined).end(input ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(out.join(''));
      else
        reject(
          new Error(
            `${program} ${args.join(' ')} ended with ${code ?? 'a signal'}: ${said.join('').trim() || out.join('').trim()}`,
          ),
        );
    });
  });
}
