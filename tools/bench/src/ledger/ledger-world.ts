import { testMessageKeysText } from '@sluice/test-kit';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LedgerAdmin } from '@sluice/admin-client';
import type { RecordCodec } from '@sluice/kafka';
import { ledgerChainHeads, ledgerCommands, ledgerEvents } from '@sluice/messages';
import { DEMO_PERSON, migrateServices, SERVICE_NODE_FLAGS } from '@sluice/stack';
import { kafkaClient, LocalIssuer, startGuard } from '@sluice/test-servers';
import { PASSWORD, ready, startServers } from '../system/service-world.js';

const MAIN = join(import.meta.dirname, '../../../../apps/ledger/dist/main.js');

export type LedgerWorld = Awaited<ReturnType<typeof startLedgerWorld>>;

/**
 * Starts the ledger alone with PostgreSQL and Kafka, with production's durability. The ledger can
 * be stopped to gather a backlog.
 *
 * @param nodeOptions Additional options of the ledger's process, for example `--cpu-prof`.
 * @param codec Codec of the ledger's records.
 */
export async function startLedgerWorld(
  home: string,
  nodeOptions: readonly string[] = [],
  codec: RecordCodec = 'ours',
) {
  const guard = startGuard();
  const topics = [ledgerCommands, ledgerEvents, ledgerChainHeads].map(({ name }) => name);
  const servers = await startServers(home, guard, { name: 'ledger', topics });
  const { postgres, kafkaServer, pgPort, port, ownerUrl } = servers;
  await migrateServices([{ name: 'ledger', login: 'ledger', ownerUrl }]);
  const issuer = await LocalIssuer.start();
  let ledger: ChildProcess | null = null;
  const environment = ledgerEnvironment(home, {
    port,
    pgPort,
    issuer: issuer.url,
    codec,
    kafkaServer,
  });

  const startLedger = async (): Promise<void> => {
    const log = openSync(join(home, 'ledger.log'), 'a');
    ledger = spawn(process.execPath, [...SERVICE_NODE_FLAGS, ...nodeOptions, MAIN], {
      env: environment,
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    guard.watch(ledger.pid ?? 0); // the guard ends process groups: the ledger has a separate group
    await ready(`http://127.0.0.1:${port}/readyz`, ledger);
  };
  const stopLedger = async (): Promise<void> => {
    const running = ledger;
    ledger = null;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
    guard.forget(running.pid ?? 0);
  };
  return {
    kafka: kafkaClient(kafkaServer, 'bench'),
    adminUrl: postgres.adminUrl('ledger'),
    ledger: new LedgerAdmin({
      service: 'ledger',
      baseUrl: `http://127.0.0.1:${port}`,
      token: () => issuer.tokenOf(DEMO_PERSON),
    }),
    startLedger,
    stopLedger,
    ledgerPid: () => ledger?.pid ?? 0,
    pids: () => ({
      ledger: ledger?.pid ?? 0,
      postgres: postgres.process.pid() ?? 0,
      kafka: kafkaServer.process.pid() ?? 0,
    }),
    stop: async (): Promise<void> => {
      await stopLedger();
      await Promise.all([kafkaServer.stop(), postgres.stop(), issuer.stop()]);
    },
  };
}

interface LedgerAddresses {
  readonly port: number;
  readonly pgPort: number;
  readonly issuer: string;
  readonly codec: RecordCodec;
  readonly kafkaServer: { readonly brokers: readonly string[] };
}

function ledgerEnvironment(
  home: string,
  { port, pgPort, issuer, codec, kafkaServer }: LedgerAddresses,
): Readonly<Record<string, string>> {
  const auditKeys = join(home, 'audit-key');
  writeFileSync(auditKeys, `1 ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  return {
    HOST: '127.0.0.1',
    NODE_ENV: 'development',
    LOG_LEVEL: 'warn',
    PORT: `${port}`,
    MESSAGE_KEYS: testMessageKeysText('ledger'),
    OIDC_ISSUER: issuer,
    AUDIT_KEY_FILE: auditKeys,
    DATABASE_URL: `postgres://ledger:${PASSWORD}@127.0.0.1:${pgPort}/ledger`,
    KAFKA_BROKERS: kafkaServer.brokers.join(','),
    KAFKA_RECORD_CODEC: codec,
    CHAIN_KEY: randomBytes(32).toString('base64'),
    CHAIN_SIGNING_KEY: randomBytes(32).toString('base64'),
  };
}
