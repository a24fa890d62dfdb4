import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import ts from 'typescript';
import tseslint from 'typescript-eslint';
import { ACCEPTED, REFUSED } from './lint-cases.js';
import { nodesIn, read, ROOT } from '../repository.js';

describe('lint, by the configuration of this repository', () => {
  let typed: ESLint;
  /** Reads a text in a tenth of the time. */
  let withoutTypes: ESLint;
  beforeAll(async () => {
    process.env['NX_DAEMON'] = 'false';
    process.env['TSESTREE_SINGLE_RUN'] = 'false'; // on a CI machine the parser would read each file once, from disk, and never these texts
    await createProjectGraphAsync();
    typed = new ESLint({ cwd: ROOT });
    withoutTypes = new ESLint({ cwd: ROOT, overrideConfig: tseslint.configs.disableTypeChecked });
    await rulesBrokenBy(typed, 'libs/kernel/src/amount.ts', ''); // compiles the program once, outside the first test's time
  }, 60_000);

  it.each(REFUSED)(
    'refuses by %s, in %s: %j',
    async (rule, file, text) => {
      const eslint = rule.startsWith('@typescript-eslint/') ? typed : withoutTypes;
      expect(await rulesBrokenBy(eslint, file, text)).toContain(rule);
    },
    30_000,
  );

  it.each(ACCEPTED)(
    'accepts in %s: %j',
    async (file, text) => {
      const eslint = text.startsWith('import * as ') ? withoutTypes : typed;
      expect(await rulesBrokenBy(eslint, file, text)).toEqual([]);
    },
    30_000,
  );

  it.each(listedParameters())('permits %s no more parameters than it has: %i', (file, listed) =>
    expect(mostParametersIn(file)).toBe(listed),
  );

  it('refuses an import across scopes also where eslint is started without Nx, and nobody has made its graph', () => {
    const data = mkdtempSync(join(tmpdir(), 'sluice-no-graph-'));
    const text = "import { originOf } from '@sluice/connector-rules';\\nexport const x = originOf;";
    const script = `
      import { ESLint } from 'eslint';
      const [{ messages }] = await new ESLint().lintText("${text}", { filePath: 'apps/ledger/src/commands/decide.ts' });
      console.log(messages.map(({ ruleId }) => ruleId).join());`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NX_WORKSPACE_DATA_DIRECTORY: data },
      encoding: 'utf8',
    });
    rmSync(data, { recursive: true });

    expect(stdout.trim()).toBe('@nx/enforce-module-boundaries');
  }, 60_000);

  async function rulesBrokenBy(
    eslint: ESLint,
    file: string,
    text: string,
  ): Promise<readonly string[]> {
    const [result] = await eslint.lintText(text, { filePath: ROOT + file });
    return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
  }
});

/** Files with more than five parameters, by `tools/repo/collaborators.mjs`. */
function listedParameters(): readonly (readonly [file: string, listed: number])[] {
  return [...read('tools/repo/collaborators.mjs').matchAll(/^ {2}'(.+)': (\d+),$/gm)].map(
    ([, file = '', listed]) => [file, Number(listed)] as const,
  );
}

function mostParametersIn(file: string): number {
  const functions = nodesIn(read(file)).filter(ts.isFunctionLike);
  return Math.max(0, ...functions.map(({ parameters }) => parameters.length));
}
