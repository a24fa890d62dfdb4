import { ofEach, SERVICE_NAMES } from '../services.js';
import type { SystemContext } from '../system/service-environment.js';
import { PORT_NAMES, type StackPorts } from '../system/stack-ports.js';

/** Ports counted from 1, and a database for each service. */
export function aSystemContext(): SystemContext {
  return {
    ports: Object.fromEntries(PORT_NAMES.map((name, index) => [name, index + 1])) as StackPorts,
    secrets: {
      postgres: 'p',
      databases: ofEach(SERVICE_NAMES, () => 'd'),
      secretsKek: 'kek',
      internalToken: 'token',
      owners: ofEach(SERVICE_NAMES, () => 'o'),
    },
    brokers: ['h1:1', 'h2:2'],
    databases: ofEach(SERVICE_NAMES, (name) => `postgres://${name}`),
    logLevel: 'warn',
  };
}
