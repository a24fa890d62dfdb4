import { DATABASES, type DatabaseKey } from '../config.js';
import type { SystemContext } from '../system/service-environment.js';
import { PORT_NAMES, type StackPorts } from '../system/stack-ports.js';

/** Ports counted from 1, and a database for each service. */
export function aSystemContext(): SystemContext {
  const keys = Object.keys(DATABASES);
  return {
    ports: Object.fromEntries(PORT_NAMES.map((name, index) => [name, index + 1])) as StackPorts,
    secrets: {
      postgres: 'p',
      databases: ofKeys(keys, () => 'd'),
      secretsKek: 'kek',
      internalToken: 'token',
      ledgerOwner: 'o',
    },
    brokers: ['h1:1', 'h2:2'],
    databases: ofKeys(keys, (key) => `postgres://${key}`),
    logLevel: 'warn',
  };
}

function ofKeys(
  keys: readonly string[],
  value: (key: string) => string,
): Record<DatabaseKey, string> {
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<DatabaseKey, string>;
}
