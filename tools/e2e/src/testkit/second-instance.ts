import { spawn } from 'node:child_process';
import { openSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutOf, startGuard } from '@sluice/stack';
import { eventually } from '@sluice/testing';
import type { TestSystem } from './given-system.js';

export interface SecondInstance {
  /** Its main port: the public API of the intake, the doors of the others. */
  readonly url: string;
  stop(): Promise<void>;
}

type Doubled = 'intake-api' | 'ledger' | 'connector-gateio';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Another process of a service, started by hand beside the supervised one: same database, same consumer group, other ports. */
export async function startSecond(sluice: TestSystem, service: Doubled): Promise<SecondInstance> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const log = openSync(join(layoutOf(sluice.system.home).logs, `second-${service}.log`), 'a');
  const child = spawn(process.execPath, [join(ROOT, 'apps', service, 'dist/main.js')], {
    stdio: ['ignore', log, log],
    env: { ...(await environmentOf(sluice, service)), PORT: new URL(url).port },
  });
  const guard = startGuard();
  guard.watch(child.pid ?? 0);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await eventually(async () => expect((await fetch(`${url}/readyz`)).status).toBe(200), { withinMs: 30_000, everyMs: 100 });
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      guard.forget(child.pid ?? 0);
    },
  };
}

async function environmentOf(sluice: TestSystem, service: Doubled): Promise<Record<string, string>> {
  const { kafka_brokers, databases, internal } = sluice.system.run;
  const database = { 'intake-api': databases.intake, ledger: databases.ledger, 'connector-gateio': databases['connector-gateio'] }[service];
  const common = { NODE_ENV: 'development', KAFKA_BROKERS: kafka_brokers.join(','), DATABASE_URL: database, INTERNAL_TOKEN: internal.token };
  if (service === 'ledger') return common;
  if (service === 'intake-api') {
    const { secretsKek } = JSON.parse(readFileSync(layoutOf(sluice.system.home).secrets, 'utf8')) as { secretsKek: string };
    return { ...common, INTERNAL_PORT: `${await freePort()}`, LEDGER_URL: internal.ledger, SECRETS_KEK: secretsKek };
  }
  const { base_url, api_key, api_secret } = (await sluice.venue.credentials()) as Record<string, string>;
  return {
    ...common,
    ...sluice.shortTimes('connector-gateio'),
    GATEIO_BASE_URL: base_url ?? '',
    GATEIO_API_KEY: api_key ?? '',
    GATEIO_API_SECRET: api_secret ?? '',
    RATE_PLAN: JSON.stringify({ 'POST /withdrawals': { limit: 10_000, perMs: 1_000 } }),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
