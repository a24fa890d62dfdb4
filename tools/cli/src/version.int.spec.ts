import { readFileSync } from 'node:fs';
import { cliConfig } from './settings/config.js';
import { runCli } from './run-cli.js';

const { version } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as { version: string };

describe('the version of the command', () => {
  const run = (words: readonly string[], env = {}) =>
    runCli(words, cliConfig(env, false), () => undefined);

  it.each(['--version', '-v', '-V', 'version'])('is printed by %s', async (word) => {
    expect(await run([word])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
    expect(JSON.parse((await run([word, '--json'])).stdout)).toEqual({ version });
  });

  it('is the tag of an image', async () => {
    expect((await run(['--version'], { SLUICE_VERSION: '9.9.9' })).stdout).toBe('9.9.9\n');
  });

  it('is the option of a command behind its name', async () => {
    expect((await run(['policy', 'show', '--version'])).stderr).toContain(
      '--version needs a value: --version N',
    );
  });
});
