import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { IntakeAdmin } from '@sluice/admin-client';
import { DEMO_PERSON, migrateServices, ownerOf, SERVICE_NODE_FLAGS, specOf } from '@sluice/stack';
import { testMessageKeysText } from '@sluice/test-kit';
import {
  ensureServiceDatabases,
  freePort,
  LocalIssuer,
  newServiceKey,
  startGuard,
  startPostgres,
} from '@sluice/test-servers';

const PASSWORD = 'bench';
const LIVE_MS = 60_000;
const DATABASE = specOf('intake-api').database;
const MAIN = join(import.meta.dirname, '../../../../apps/intake-api/dist/main.js');

/**
 * Starts intake-api alone with PostgreSQL, with production's durability. Kafka is left out, because
 * customers' reads do not use Kafka.
 */
export async function startIntakeWorld(home: string) {
  const guard = startGuard();
  const [pgPort, port, internalPort] = [await freePort(), await freePort(), await freePort()];
  const postgres = await startPostgres({
    dataDir: join(home, 'postgres'),
    logFile: join(home, 'postgres.log'),
    port: pgPort,
    password: PASSWORD,
    guard,
  });
  const owner = ownerOf('intake-api');
  await ensureServiceDatabases(postgres.adminUrl('postgres'), [
    { name: DATABASE, password: PASSWORD, owner: { name: owner, password: PASSWORD } },
  ]);
  const ownerUrl = `postgres://${owner}:${PASSWORD}@127.0.0.1:${pgPort}/${DATABASE}`;
  await migrateServices([{ name: 'intake-api', login: DATABASE, ownerUrl }]);
  const issuer = await LocalIssuer.start();
  const env = environment(home, { pgPort, port, internalPort, issuer: issuer.url });
  let intake: ChildProcess | null = null;
  const url = `http://127.0.0.1:${port}`;
  const internalUrl = `http://127.0.0.1:${internalPort}`;
  return {
    url,
    adminUrl: postgres.adminUrl(DATABASE),
    admin: new IntakeAdmin({
      service: 'intake-api',
      baseUrl: internalUrl,
      token: () => issuer.tokenOf(DEMO_PERSON),
    }),
    start: async (): Promise<void> => {
      const log = openSync(join(home, 'intake-api.log'), 'a');
      intake = spawn(process.execPath, [...SERVICE_NODE_FLAGS, MAIN], {
        env,
        stdio: ['ignore', log, log],
        detached: true,
      });
      closeSync(log);
      // the guard ends process groups: the service has a separate group
      guard.watch(intake.pid ?? 0);
      await live(`${internalUrl}/healthz`, intake);
    },
    stop: async (): Promise<void> => {
      const ended = intake && new Promise((resolve) => intake?.once('exit', resolve));
      if (intake?.exitCode === null && intake.kill('SIGTERM')) await ended;
      await Promise.all([postgres.stop(), issuer.stop()]);
    },
  };
}

interface Addresses {
  readonly pgPort: number;
  readonly port: number;
  readonly internalPort: number;
  readonly issuer: string;
}

function environment(
  home: string,
  { pgPort, port, internalPort, issuer }: Addresses,
): Readonly<Record<string, string>> {
  const auditKeys = join(home, 'audit-key');
  writeFileSync(auditKeys, `1 ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return {
    HOST: '127.0.0.1',
    NODE_ENV: 'development',
    LOG_LEVEL: 'error',
    REQUESTS_PER_MINUTE_PER_IP: '1000000',
    PORT: `${port}`,
    INTERNAL_PORT: `${internalPort}`,
    LEDGER_URL: 'http://127.0.0.1:1',
    DATABASE_URL: `postgres://${DATABASE}:${PASSWORD}@127.0.0.1:${pgPort}/${DATABASE}`,
    KAFKA_BROKERS: '127.0.0.1:1',
    MESSAGE_KEYS: testMessageKeysText('intake-api'),
    SECRETS_KEK: randomBytes(32).toString('base64'),
    SERVICE_KEY: newServiceKey().privateKey,
    OIDC_ISSUER: issuer,
    AUDIT_KEY_FILE: auditKeys,
  };
}

/**
 * Waits for the process to respond; throws if the process ends or does not respond in time. The
 * service never becomes ready, because Kafka is missing.
 */
async function live(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + LIVE_MS; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null) break;
    const answer = await fetch(url).catch(() => null);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
  }
  throw new Error(`intake-api did not come up at ${url}`);
}
