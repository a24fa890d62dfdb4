import { randomBytes } from 'node:crypto';
import { DATABASES, type DatabaseKey } from '../config.js';
import { readJsonFile, writeJsonFile } from '../json-file.js';

/** Generated once per data folder and kept with it: without them the data could not be read again. */
export interface StackSecrets {
  readonly postgres: string;
  readonly databases: Readonly<Record<DatabaseKey, string>>;
  /** Of the login that owns the ledger's tables; folders made before there was one get it later. */
  readonly ledgerOwner?: string;
  /** Seals API secrets at rest; base64 of 32 random bytes. */
  readonly secretsKek: string;
  readonly internalToken: string;
}

export function loadSecrets(file: string): StackSecrets {
  const kept = readJsonFile<StackSecrets>(file);
  if (kept?.ledgerOwner !== undefined) return kept;
  const password = (): string => randomBytes(18).toString('hex');
  const databases = Object.fromEntries(Object.keys(DATABASES).map((key) => [key, password()])) as Record<DatabaseKey, string>;
  const fresh = { postgres: password(), databases, secretsKek: randomBytes(32).toString('base64'), internalToken: password() };
  const secrets: StackSecrets = { ...fresh, ...kept, ledgerOwner: password() };
  writeJsonFile(file, secrets);
  return secrets;
}
