import { randomBytes } from 'node:crypto';
import { readJsonFile, writeJsonFile } from '@sluice/test-servers';
import {
  ofEach,
  SECRET_NAMES,
  SERVICE_NAMES,
  type SecretName,
  type ServiceName,
} from '../services.js';

/** Generated once per data folder and kept with it: without them the data could not be read again. */
export interface StackSecrets extends Readonly<Record<SecretName, string>> {
  readonly postgres: string;
  readonly databases: Readonly<Record<ServiceName, string>>;
  /** Of the logins that own the databases. */
  readonly owners: Readonly<Record<ServiceName, string>>;
  readonly internalToken: string;
}

/** What a data folder of an earlier version lacks is added; what it has stays. */
export function loadSecrets(file: string): StackSecrets {
  const kept = readJsonFile<StackSecrets>(file);
  const sealing = Object.fromEntries(
    SECRET_NAMES.map((name) => [name, randomBytes(32).toString('base64')]),
  ) as Record<SecretName, string>;
  const secrets: StackSecrets = {
    ...sealing,
    ...{ postgres: password(), internalToken: password() },
    ...kept,
    databases: { ...ofEach(SERVICE_NAMES, password), ...kept?.databases },
    owners: { ...ofEach(SERVICE_NAMES, password), ...kept?.owners },
  };
  writeJsonFile(file, secrets);
  return secrets;
}

function password(): string {
  return randomBytes(18).toString('hex');
}
