import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { devAccount, devKey } from '@sluice/test-servers/evm';
import { sealKeys } from '@sluice/signer-api';
import { eventually, TcpProxy, testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  freePort,
  newServiceKey,
  startGuard,
  TEST_LOGIN,
  withClient,
  type TestPostgres,
} from '@sluice/test-servers';

const DIST = join(import.meta.dirname, '..', '..', '..', 'signer', 'dist');
const KEK = Buffer.alloc(32, 'a key that seals test keys').toString('base64');
const KEYS = 9;
const guard = startGuard();

interface SignerProcess {
  readonly database: string;
  readonly child: ChildProcess;
}

/** The real signer with its own database and nine development keys. Can be killed and restarted. */
export class TestSigner {
  private constructor(
    /** Proxy before the signer, for network faults in the answers. */
    readonly proxy: TcpProxy,
    /** Private key (JSON Web Key) of the connector for authentication at the signer. */
    readonly serviceKey: string,
    private readonly postgres: TestPostgres,
    private readonly env: Readonly<Record<string, string>>,
    private running: SignerProcess,
  ) {}

  static async start(postgres: TestPostgres, chains: string): Promise<TestSigner> {
    if (!existsSync(join(DIST, 'main.js'))) throw new Error('build first: nx run signer:build');
    const database = await postgres.createDatabase('signer');
    await promisify(execFile)(process.execPath, [join(DIST, 'migrate.js')], {
      env: { DATABASE_OWNER_URL: asOwner(database), DATABASE_LOGIN: TEST_LOGIN },
    });
    const { privateKey, publicKey } = newServiceKey();
    const accounts = Array.from({ length: KEYS }, (_, index) => index);
    const sealed = sealKeys(
      KEK,
      Object.fromEntries(accounts.map((index) => [devAccount(index).address, devKey(index)])),
    );
    const port = await freePort();
    const env = {
      PORT: `${port}`,
      LOG_LEVEL: 'warn',
      OIDC_ISSUER: 'http://127.0.0.1:9',
      MESSAGE_KEYS: testMessageKeysText('signer'),
      SERVICE_CALLERS: `{"connector-evm":[${publicKey}]}`,
      EVM_CHAINS: chains,
      AUDITOR_PERMITS: 'advisory',
      SIGNER_KEY_STORE: 'file',
      SIGNER_KEYS: sealed,
      SIGNER_KEYS_KEK: KEK,
    };
    const running = { database, child: await launch(env, database) };
    return new TestSigner(await TcpProxy.to(port), privateKey, postgres, env, running);
  }

  get url(): string {
    return this.proxy.through('http://127.0.0.1:0').replace(/\/$/, '');
  }

  async kill(): Promise<void> {
    const { child } = this.running;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async restart(database = this.running.database): Promise<void> {
    await this.kill();
    this.running = { database, child: await launch(this.env, database) };
  }

  get chains(): string {
    return this.env['EVM_CHAINS'] ?? '';
  }

  /** Backs up the database; the returned function restores the backup. */
  async backUp(): Promise<() => Promise<void>> {
    await this.kill();
    const backup = await this.postgres.createDatabase('backup', this.running.database);
    await this.restart();
    return () => this.restart(backup);
  }

  /** Simulates a withdrawal closed by a connector after the nonce was assigned. */
  closes(withdrawalId: string): Promise<void> {
    return this.runs('INSERT INTO closed_withdrawal (withdrawal_id, signed) VALUES ($1, true)', [
      withdrawalId,
    ]);
  }

  async runs(sql: string, values: readonly unknown[] = []): Promise<void> {
    await withClient(this.running.database, (client) => client.query(sql, [...values]));
  }

  async metric(name: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:${this.env['PORT']}/metrics`);
    const line = (await answer.text()).split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.split(' ')[1]);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.proxy.close();
  }
}

async function launch(
  env: Readonly<Record<string, string>>,
  database: string,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(DIST, 'main.js')], {
    env: { ...env, DATABASE_URL: asService(database) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) guard.watch(child.pid);
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (written += String(chunk)));
  const ready = eventually(
    async () => {
      const answer = await fetch(`http://127.0.0.1:${env['PORT']}/readyz`).catch(() => null);
      if (child.exitCode === null && answer?.ok !== true) throw new Error(written);
    },
    { withinMs: 90_000, everyMs: 100 },
  );
  await ready;
  if (child.exitCode !== null) throw new Error(`the signer has ended: ${written}`);
  return child;
}
