import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { workspaceRoot } from '@sluice/test-servers';
import { generateClient, pythonPackages } from './openapi-generator.js';

const run = promisify(execFile);
const LIMIT_MS = 180_000;

type ClientEnvironment = Readonly<Record<string, string>>;

/** Client made by OpenAPI Generator, with the example paying through the client. */
interface GeneratedClient {
  readonly name: string;
  /** Returns true if this machine has the language, Java and Maven. */
  isHere(): boolean;
  /** Generates and compiles the client beside the example, in a copy of `examples`. */
  make(examples: string): Promise<void>;
  /**
   * Requests a withdrawal and returns the JSON response. Rejects with the text of standard error.
   */
  pay(examples: string, reference: string, environment: ClientEnvironment): Promise<string>;
}

export const GENERATED_CLIENTS: readonly GeneratedClient[] = [
  {
    name: 'Python',
    isHere: () =>
      hasGenerator() &&
      answers('python3', ['-c', 'import sys, pip; sys.exit(sys.version_info < (3, 11))']),
    make: async (examples) => {
      const generated = join(examples, 'openapi/python/generated');
      await generateClient('python', generated, [
        '--additional-properties',
        'packageName=sluice_api',
      ]);
      await run('python3', ['-m', 'compileall', '-q', generated], { timeout: LIMIT_MS });
    },
    pay: (examples, reference, environment) => {
      const folder = join(examples, 'openapi/python');
      const signing = join(examples, 'signing/python');
      const paths = [pythonPackages(), join(folder, 'generated'), signing];
      const env = { ...environment, PYTHONPATH: paths.join(delimiter), PYTHONNOUSERSITE: '1' };
      return outputOf('python3', [join(folder, 'pay.py'), reference], env);
    },
  },
  {
    name: 'Go',
    isHere: () => hasGenerator() && answers('go', ['version']),
    make: async (examples) => {
      const folder = join(examples, 'openapi/go');
      const host = ['--git-host', 'sluice.example', '--git-user-id', 'generated'];
      const names = [
        '--git-repo-id',
        'sluiceapi',
        '--additional-properties',
        'packageName=sluiceapi',
      ];
      await generateClient('go', join(folder, 'generated'), [...host, ...names]);
      await run('go', ['build', '-o', 'pay', '.'], { cwd: folder, timeout: LIMIT_MS });
    },
    pay: (examples, reference, environment) =>
      outputOf(join(examples, 'openapi/go/pay'), [reference], environment),
  },
];

/** Copy of the examples in a separate folder, for generating clients. */
export class CopyOfExamples {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-generated-'));

  constructor() {
    cpSync(join(workspaceRoot(), 'examples'), this.folder, { recursive: true });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function outputOf(program: string, args: readonly string[], environment: ClientEnvironment) {
  const env = { ...process.env, ...environment };
  return (await run(program, args, { env, timeout: LIMIT_MS })).stdout;
}

function hasGenerator(): boolean {
  return answers('java', ['-version']) && answers('mvn', ['-version']);
}

function answers(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args).status === 0;
}
