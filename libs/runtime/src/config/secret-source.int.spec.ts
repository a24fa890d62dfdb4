import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './read-config.js';
import { secretFile, whole } from './settings.js';

const SCHEMA = {
  port: whole('PORT', 1),
  token: secretFile('TOKEN', { fileInProduction: true }),
  other: secretFile('OTHER'),
};

describe('a secret from a file', () => {
  let folder: string;
  const fileOf = (text: string, mode = 0o600): string => {
    const path = join(folder, `secret-${mode.toString(8)}-${text.length}`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-config-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each(['hush', 'hush\n', 'hush\r\n'])(
    'is read without the end of its last line: %j',
    (text) => {
      const env = { NODE_ENV: 'production', TOKEN_FILE: fileOf(text), OTHER: 'x' };
      expect(readConfig(env, SCHEMA).token.reveal()).toBe('hush');
    },
  );

  it('keeps every other line end, as keys in PEM need them', () => {
    const { other } = readConfig({ TOKEN: 'x', OTHER_FILE: fileOf('a\nb\n\n') }, SCHEMA);
    expect(other.reveal()).toBe('a\nb\n');
  });

  it('may be the plain variable outside production, and where a file was not asked for', () => {
    expect(readConfig({ TOKEN: 'a', OTHER: 'b' }, SCHEMA).token.reveal()).toBe('a');
    const production = { NODE_ENV: 'production', TOKEN: 'a', OTHER: 'b' };
    expect(() => readConfig(production, SCHEMA)).toThrow(
      /^configuration: TOKEN must be in a file in production: set TOKEN_FILE to its path$/,
    );
  });

  it('is refused together with all other faults, and not printed, even where a path should be', () => {
    const read = (): unknown =>
      readConfig(
        { PORT: 'x', TOKEN: 'hush', TOKEN_FILE: fileOf('hush'), OTHER_FILE: '/hush' },
        SCHEMA,
      );

    expect(read).toThrow(
      'configuration: PORT must be a whole number; TOKEN is set, and TOKEN_FILE too: keep one of them; OTHER cannot come from OTHER_FILE: ENOENT',
    );
    expect(read).not.toThrow('hush');
  });

  it.each<[string, () => string, string]>([
    ['everybody may read', () => fileOf('hush', 0o644), 'everybody on this machine may read it'],
    ['is empty', () => fileOf('\n'), 'it is empty'],
    ['is a folder', () => mkdtempSync(join(folder, 'd-')), 'EISDIR'],
  ])('is refused when the file %s', (_what, path, fault) => {
    expect(() => readConfig({ TOKEN_FILE: path(), OTHER: 'x' }, SCHEMA)).toThrow(fault);
  });
});
