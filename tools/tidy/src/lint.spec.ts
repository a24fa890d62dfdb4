import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { ACCEPTED, REFUSED } from './lint-cases.js';
import { ROOT } from './repository.js';

describe('lint, by the configuration of this repository', () => {
  let eslint: ESLint;
  beforeAll(async () => {
    process.env['NX_DAEMON'] = 'false';
    process.env['TSESTREE_SINGLE_RUN'] = 'false'; // on a CI machine the parser would read each file once, from disk, and never these texts
    await createProjectGraphAsync();
    eslint = new ESLint({ cwd: ROOT });
    await rulesBrokenBy('libs/money/src/asset.ts', ''); // compiles the program once, outside the first test's time
  }, 60_000);

  it.each(REFUSED)(
    'refuses by %s, in %s: %j',
    async (rule, file, text) => expect(await rulesBrokenBy(file, text)).toContain(rule),
    30_000,
  );

  it.each(ACCEPTED)(
    'accepts in %s: %j',
    async (file, text) => expect(await rulesBrokenBy(file, text)).toEqual([]),
    30_000,
  );

  async function rulesBrokenBy(file: string, text: string): Promise<readonly string[]> {
    const [result] = await eslint.lintText(text, { filePath: ROOT + file });
    return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
  }
});
