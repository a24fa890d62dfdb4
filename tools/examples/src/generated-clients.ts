import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { tmpdir } from 'node:os';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';

const run = promisify(execFile);
const PINS = join(workspaceRoot(), 'tools/examples/openapi-generator');
const POM = join(PINS, 'pom.xml');
const SUMS = join(PINS, 'jar.sha256');
const REQUIREMENTS = join(PINS, 'requirements.txt');
const DOCUMENT = join(workspaceRoot(), 'apps/intake-api/src/reference/openapi.json');

/** Generates a client from the published OpenAPI document into the folder `into`. `options` are the generator's own arguments. */
async function generateClient(
  language: string,
  into: string,
  options: readonly string[],
): Promise<void> {
  const jar = join(generatorFolder(), jarName());
  const what = ['generate', '-i', DOCUMENT, '-g', language, '-o', into];
  const parts = 'apis,models,supportingFiles,apiTests=false,modelTests=false';
  const more = ['--global-property', `${parts},apiDocs=false,modelDocs=false`, ...options];
  await run('java', ['-jar', jar, ...what, ...more], { maxBuffer: 64 * 1024 * 1024 });
}

/**
 * Returns the folder of the packages imported by a generated Python client, each installed by hash.
 */
function pythonPackages(): string {
  return fetchedTool('openapi-python', [REQUIREMENTS], (to) => {
    const options = ['--quiet', '--root-user-action', 'ignore', '--require-hashes'];
    const from = ['--only-binary', ':all:', '--requirement', REQUIREMENTS, '--target', to];
    execFileSync('python3', ['-m', 'pip', 'install', ...options, ...from], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  });
}

/**
 * Returns the folder of the generator. Throws if Maven fetches a jar different from the pinned jar.
 */
function generatorFolder(): string {
  return fetchedTool('openapi-generator', [POM, SUMS], (to) => {
    const maven = ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', '-DexcludeTransitive'];
    execFileSync('mvn', [...maven, `-DoutputDirectory=${to}`], { stdio: 'inherit' });
    const sum = createHash('sha256')
      .update(readFileSync(join(to, jarName())))
      .digest('hex');
    if (!readFileSync(SUMS, 'utf8').startsWith(`${sum} `))
      throw new Error(
        `Maven fetched ${jarName()} with SHA-256 ${sum}, which ${SUMS} does not name`,
      );
  });
}

function jarName(): string {
  return readFileSync(SUMS, 'utf8').trim().split(/ +/)[1] ?? '';
}

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
