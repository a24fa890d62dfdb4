import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startGuard, tempFolder } from '@sluice/test-servers';
import { readRunFile, removeRunFile, writeRunFile, type RunFile } from './run-file.js';

const RUN: RunFile = {
  intake_url: 'http://127.0.0.1:1',
  kafka_brokers: ['127.0.0.1:2'],
  databases: {
    'intake-api': 'postgres://i',
    ledger: 'postgres://l',
    'connector-gateio': 'postgres://c',
  },
  simulators: { gateio: 'http://127.0.0.1:3' },
  processes: { ledger: 4 },
  internal: {
    token: 't',
    intake_api: 'http://127.0.0.1:5',
    ledger: 'http://127.0.0.1:6',
    connector_gateio: 'http://127.0.0.1:7',
  },
};

describe('writeRunFile', () => {
  const folder = tempFolder(startGuard());
  const file = join(folder, 'run.json');

  it('is read by its owner only, replaces the old file as a whole and leaves nothing beside it', () => {
    writeRunFile(file, RUN);
    const first = statSync(file).ino;

    writeRunFile(file, { ...RUN, processes: { ledger: 5 } });

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
