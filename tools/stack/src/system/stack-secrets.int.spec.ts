import { join } from 'node:path';
import { readJsonFile, writeJsonFile, startGuard, tempFolder } from '@sluice/test-servers';
import { SERVICE_NAMES } from '../tables/services.js';
import { loadSecrets } from './stack-secrets.js';

describe('loadSecrets', () => {
  const file = join(tempFolder(startGuard()), 'secrets.json');

  it('makes them once: the data of the first start can be read by every later one', () => {
    const first = loadSecrets(file);

    expect(Object.keys(first.databases)).toEqual(SERVICE_NAMES);
    expect(loadSecrets(file)).toEqual(first);
  });

  it('adds missing secrets to a folder of an earlier version, and keeps existing secrets', () => {
    const older = {
      postgres: 'p',
      databases: { 'intake-api': 'i', ledger: 'l', 'connector-gateio': 'g' },
      secretsKek: 'kek',
    };
    writeJsonFile(file, older);

    const now = loadSecrets(file);

    expect(now).toMatchObject(older);
    expect(now.databases['connector-bybit']).toMatch(/^[0-9a-f]{36}$/);
    expect(readJsonFile(file)).toEqual(now);
  });
});
