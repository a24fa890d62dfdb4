import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cliConfig } from './config.js';

describe('the configuration', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])(
    'of %j has colours only on a terminal that takes them (terminal: %s)',
    (env, isTerminal, colours) => {
      expect(cliConfig(env, isTerminal).colours).toBe(colours);
    },
  );

  it('takes a key from the environment only when it is whole', () => {
    expect(cliConfig({ SLUICE_KEY_ID: 'k', SLUICE_SECRET: 's' }, false).key).toEqual({
      keyId: 'k',
      secret: 's',
    });
    expect(cliConfig({ SLUICE_KEY_ID: 'k' }, false).key).toBeUndefined();
  });

  it('reads the run file at the root of the workspace, or the file of SLUICE_RUN', () => {
    const { runFile } = cliConfig({}, false);

    expect(runFile).toMatch(/\/\.sluice\/run\.json$/);
    expect(existsSync(join(dirname(runFile), '..', 'nx.json'))).toBe(true);
    expect(cliConfig({ SLUICE_RUN: '/elsewhere.json' }, false)).toMatchObject({
      runFile: '/elsewhere.json',
      runFileNamed: true,
    });
  });
});
