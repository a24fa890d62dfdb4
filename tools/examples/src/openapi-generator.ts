import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';

const run = promisify(execFile);
const PINS = join(workspaceRoot(), 'tools/examples/openapi-generator');
const POM = join(PINS, 'pom.xml');
const SUMS = join(PINS, 'jar.sha256');
const REQUIREMENTS = join(PINS, 'requirements.txt');
const DOCUMENT = join(workspaceRoot(), 'apps/intake-api/src/reference/openapi.json');

/** Generates a client from the published OpenAPI document into the folder `into`. `options` are the generator's own arguments. */
export async function generateClient(
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
export function pythonPackages(): string {
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
