import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pemFile } from './pem-file.js';
import { readConfig } from './read-config.js';

describe('pemFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pem-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (file: string, options = {}) =>
    readConfig({ TLS_KEY_FILE: file }, { file: pemFile('TLS_KEY_FILE', options) }).file;
  const written = (name: string, content: string, mode: number) => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode });
    return file;
  };

  it('keeps the path, so that a file which is replaced is read again', () => {
    const file = written('key.pem', '-----BEGIN PRIVATE KEY-----', 0o600);
    expect(read(file, { isSecret: true })).toBe(file);
  });

  it.each<[string, () => string, string]>([
    ['that is not there', () => join(folder, 'none.pem'), 'cannot be read: ENOENT'],
    ['that is none', () => written('text', 'hello', 0o600), 'must name a PEM file'],
    [
      'with a key that everybody may read',
      () => written('open.pem', '-----BEGIN PRIVATE KEY-----', 0o644),
      'chmod 0400',
    ],
  ])('refuses a file %s', (_what, file, sentence) => {
    expect(() => read(file(), { isSecret: true })).toThrow(sentence);
  });
});
