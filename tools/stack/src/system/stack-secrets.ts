import { randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '@sluice/test-servers';
import { DATABASES, type DatabaseKey } from '../config.js';

/** Generated once per data folder and kept with it: without them the data could not be read again. */
export interface StackSecrets {
  readonly postgres: string;
  readonly databases: Readonly<Record<DatabaseKey, string>>;
  /** Of the login that owns the ledger's tables. */
  readonly ledgerOwner: string;
  /** Seals API secrets at rest; base64 of 32 random bytes. */
  readonly secretsKek: string;
  readonly internalToken: string;
}

/** What a data folder of an earlier version lacks is added; what it has stays. */
export function loadSecrets(file: string): StackSecrets {
  const kept = readJsonFile<StackSecrets>(file);
  const password = (): string => randomBytes(18).toString('hex');
  const fresh = Object.fromEntries(
    Object.keys(DATABASES).map((key) => [key, password()]),
  ) as Record<DatabaseKey, string>;
  const others = {
    postgres: password(),
    secretsKek: randomBytes(32).toString('base64'),
    internalToken: password(),
    ledgerOwner: password(),
  };
  const secrets: StackSecrets = { ...others, ...kept, databases: { ...fresh, ...kept?.databases } };
  writeJsonFile(file, secrets);
  return secrets;
}
