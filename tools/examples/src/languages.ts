import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

const SIGNING = join(workspaceRoot(), 'examples/signing');
const PROGRAM_LIMIT_MS = 120_000;

/** Build and start commands for the programs of a language. */
interface Language {
  readonly name: string;
  /** Returns true if this machine has the language. */
  isHere(): boolean;
  /** Builds the programs into an empty folder. */
  build(into: string): void;
  /** The command line of `check` or of `pay`. */
  command(program: 'check' | 'pay', built: string): readonly [string, ...string[]];
}

export const LANGUAGES: readonly Language[] = [
  {
    name: 'Python',
    isHere: () => answers('python3', '--version'),
    build: () => undefined,
    command: (program) => ['python3', join(SIGNING, 'python', `${program}.py`)],
  },
  {
    name: 'Go',
    isHere: () => answers('go', 'version'),
    // The program uses no third-party module: no module is fetched.
    build: (into) =>
      run('go', ['build', '-o', `${into}/`, './cmd/...'], join(SIGNING, 'go'), {
        GOPROXY: 'off',
        GOFLAGS: '-mod=readonly',
      }),
    command: (program, built) => [join(built, program)],
  },
  {
    name: 'Java',
    isHere: () => answers('javac', '-version'),
    build: (into) =>
      run(
        'javac',
        ['-d', into, ...['SluiceSigning', 'Pay', 'Check'].map((name) => `${name}.java`)],
        join(SIGNING, 'java'),
      ),
    command: (program, built) => ['java', '-cp', built, program === 'pay' ? 'Pay' : 'Check'],
  },
];

interface Paid {
  /** True for exit code 0. */
  readonly isDone: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The programs of a language, made once. */
export class Programs {
  private readonly built = mkdtempSync(join(tmpdir(), 'sluice-examples-'));

  constructor(private readonly language: Language) {
    language.build(this.built);
  }

  /** Sends a line per question, and returns the answers. */
  check(questions: readonly string[]): readonly string[] {
    const [program, ...args] = this.language.command('check', this.built);
    const input = `${questions.join('\n')}\n`;
    const options = { input, encoding: 'utf8', timeout: PROGRAM_LIMIT_MS } as const;
    return execFileSync(program, args, options).trimEnd().split(/\r?\n/);
  }

  /** Runs the paying program, and returns the exit code and the output. */
  pay(reference: string, environment: Readonly<Record<string, string>>): Promise<Paid> {
    const [program, ...args] = this.language.command('pay', this.built);
    const env = { ...process.env, ...environment };
    const options = { env, timeout: PROGRAM_LIMIT_MS };
    return new Promise((resolve) =>
      execFile(program, [...args, reference], options, (error, stdout, stderr) =>
        resolve({ isDone: error === null, stdout, stderr }),
      ),
    );
  }

  remove(): void {
    rmSync(this.built, { recursive: true, force: true });
  }
}

function answers(program: string, question: string): boolean {
  return spawnSync(program, [question]).status === 0;
}

function run(
  program: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): void {
  const env = { ...process.env, ...environment };
  execFileSync(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
}
