import { endpointOf, type AdminEndpoints, type RunFile } from '../layout/run-file.js';
import { ofEach, SERVICE_NAMES } from '../tables/services.js';
import { FIRST_VENUE } from '../tables/venues.js';

/** Returns the run file of a system with all services, with the given pid of the ledger. */
export function aRunFile(ledgerPid: number): RunFile {
  const urls = SERVICE_NAMES.map((name, index) => [
    endpointOf(name),
    `http://127.0.0.1:${index + 1}`,
  ]);
  return {
    intake_url: 'http://127.0.0.1:101',
    webhooks_url: 'http://127.0.0.1:105',
    kafka_brokers: ['127.0.0.1:102'],
    databases: ofEach(SERVICE_NAMES, (name) => `postgres://${name}`),
    simulators: { [FIRST_VENUE]: 'http://127.0.0.1:103' },
    processes: { ledger: ledgerPid },
    internal: Object.fromEntries(urls) as AdminEndpoints,
    issuer: { token_url: 'http://127.0.0.1:104/token', people: { demo: 'p' } },
  };
}
