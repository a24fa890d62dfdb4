import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startGuard, tempFolder } from '@sluice/test-servers';
import { aRunFile } from '../testkit/samples.js';
import { readRunFile, removeRunFile, writeRunFile } from './run-file.js';

describe('writeRunFile', () => {
  const folder = tempFolder(startGuard());
  const file = join(folder, 'run.json');

  it('is read by its owner only, replaces the old file as a whole and leaves nothing beside it', () => {
    writeRunFile(file, aRunFile(4));
    const first = statSync(file).ino;

    writeRunFile(file, aRunFile(5));

    expect(readRunFile(file)?.processes.ledger).toBe(5);
    expect(statSync(file).ino).not.toBe(first); // a reader that has the old file open keeps all of the old one
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['run.json']);
  });

  it('is gone when it was removed, and removing it twice is no fault', () => {
    removeRunFile(file);
    removeRunFile(file);

    expect(readRunFile(file)).toBeUndefined();
  });
});
