import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { devAccount, devKey } from '@sluice/evm-testing';
import { sealKeys } from '@sluice/signer-api';
import { testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  newServiceKey,
  ServiceProcess,
  TEST_LOGIN,
  type TestPostgres,
} from '@sluice/test-servers';

const DIST = join(import.meta.dirname, '..', '..', '..', 'signer', 'dist');
const KEK = Buffer.alloc(32, 'a key that seals test keys').toString('base64');
const READY_TRIES = 300;

export interface RunningSigner {
  readonly url: string;
  /** By which it knows the connector. */
  readonly serviceKey: string;
  readonly process: ServiceProcess;
  stop(): Promise<void>;
}

/** The real signer in a process and a database of its own, with the keys of the first nine development accounts. */
export async function startSigner(postgres: TestPostgres, chains: string): Promise<RunningSigner> {
  if (!existsSync(join(DIST, 'main.js'))) throw new Error('build first: nx run signer:build');
  const database = await postgres.createDatabase('signer');
  await promisify(execFile)(process.execPath, [join(DIST, 'migrate.js')], {
    env: { DATABASE_OWNER_URL: asOwner(database), DATABASE_LOGIN: TEST_LOGIN },
  });
  const { privateKey: serviceKey, publicKey } = newServiceKey();
  const keys = Array.from({ length: 9 }, (_, index) => [devAccount(index).address, devKey(index)]);
  const running = await ServiceProcess.start(join(DIST, 'main.js'), {
    DATABASE_URL: asService(database),
    MESSAGE_KEYS: testMessageKeysText('signer'),
    SERVICE_CALLERS: `{"connector-evm":[${publicKey}]}`,
    EVM_CHAINS: chains,
    SIGNER_KEYS: 'file',
    SIGNER_SEALED_KEYS: sealKeys(KEK, Object.fromEntries(keys) as Record<string, string>),
    SIGNER_KEK: KEK,
  });
  await untilReady(running);
  const url = `http://127.0.0.1:${running.port}`;
  return { url, serviceKey, process: running, stop: () => running.stop() };
}

async function untilReady(running: ServiceProcess): Promise<void> {
  for (let tries = 0; tries < READY_TRIES; tries++) {
    const answer = await running.get('/readyz').catch(() => null);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the signer is not ready: ${running.output()}`);
}
