import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkInvariants, Database, migrate } from '@sluice/postgres';
import { Secret } from '@sluice/runtime';
import { createServiceApp, ServiceCredential } from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import type {
  BatchSignatureDto,
  ClosedWithdrawalDto,
  GivenNonceDto,
  SignatureDto,
  SignatureRequestDto,
} from '@sluice/signer-api';
import { testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  LocalIssuer,
  newServiceKey,
  type ServiceProcess,
  TEST_LOGIN,
  testDatabase,
} from '@sluice/test-servers';
import { signerConfig, type SignerConfig } from '../config.js';
import { SIGNER_SCHEMA } from '../postgres/schema.js';
import { acceptBatchBodies } from '../signatures/sign-batch.js';
import { SignerModule } from '../signer.module.js';
import { CHAINS_TEXT, KEK, SEALED_KEYS } from './wallets.js';

export const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);
export const CALLER = newServiceKey();

export function signerEnv(url: string, issuer: string): Record<string, string> {
  return {
    PORT: '0',
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('signer'),
    OIDC_ISSUER: issuer,
    SERVICE_CALLERS: `{"connector-evm":[${CALLER.publicKey}]}`,
    EVM_CHAINS: CHAINS_TEXT,
    AUDITOR_PERMITS: 'advisory',
    SIGNER_KEY_STORE: 'file',
    SIGNER_KEYS: SEALED_KEYS,
    SIGNER_KEYS_KEK: KEK,
  };
}

/** Returns the URL of a migrated database. */
export async function migrated(): Promise<string> {
  const url = await testDatabase('signer');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: SIGNER_SCHEMA });
  return url;
}

interface Answered<T = SignatureDto> {
  readonly status: number;
  readonly message: string;
  readonly data: T;
}

export async function givenSigner(url: string, env: Readonly<Record<string, string>> = {}) {
  const issuer = await LocalIssuer.start();
  const config = signerConfig({ ...signerEnv(url, issuer.url), ...env });
  const open = (login: string) => Database.open({ url: login, name: 'signer-test' });
  const [service, database] = await Promise.all([open(asService(url)), open(url)]);
  const app = await startApp(config, service);
  const credential = new ServiceCredential(
    'connector-evm',
    'signer',
    new Secret(CALLER.privateKey),
    () => service.clock.now(),
  );

  const post = async <T>(path: string, request: object): Promise<Answered<T>> => {
    const response = await app.inject({
      method: 'POST',
      url: `/internal/signatures${path}`,
      headers: {
        authorization: `Bearer ${await credential.token()}`,
        'content-type': 'application/json',
      },
      payload: request,
    });
    return { ...response.json<Answered<T>>(), status: response.statusCode };
  };
  const ask = (request: object) => post<SignatureDto>('', request);

  return {
    url,
    app,
    issuer,
    service,
    database,
    credential,
    ask,
    askAll: (requests: readonly unknown[], permit?: string) =>
      post<readonly BatchSignatureDto[]>('/batch', {
        requests,
        ...(permit !== undefined && { permit }),
      }),
    given: (...ids: readonly string[]) =>
      post<readonly GivenNonceDto[]>('/search', { withdrawal_ids: ids }),
    closed: (...ids: readonly string[]) =>
      post<readonly ClosedWithdrawalDto[]>('/closed', { withdrawal_ids: ids }),
    signed: async (request: SignatureRequestDto): Promise<SignatureDto> => {
      const { status, message, data } = await ask(request);
      if (status !== 200) throw new Error(`${status}: ${message}`);
      return data;
    },
    violations: async () => (await checkInvariants(database, INVARIANTS)).violations,
    close: async () => {
      await app.close();
      await Promise.all([service.close(), database.close(), issuer.stop()]);
    },
  };
}

async function startApp(config: SignerConfig, database: Database): Promise<NestFastifyApplication> {
  const app = await createServiceApp(
    {
      name: 'signer',
      config,
      schema: SIGNER_SCHEMA,
      module: SignerModule,
      hooks: acceptBatchBodies,
      checkInvariants: (of) => checkInvariants(of, INVARIANTS),
    },
    testPlatform('signer', database, config.messageKeys),
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

export type SignerUnderTest = Awaited<ReturnType<typeof givenSigner>>;

/**
 * Signature request from another process, as by connector-evm; null if that process ends before.
 * Throws with the refusal.
 */
export function askProcess(
  process: ServiceProcess,
  request: SignatureRequestDto,
): Promise<SignatureDto | null> {
  return post<SignatureDto>(process, '', request);
}

export function askProcessForAll(
  process: ServiceProcess,
  requests: readonly SignatureRequestDto[],
): Promise<readonly BatchSignatureDto[] | null> {
  return post<readonly BatchSignatureDto[]>(process, '/batch', { requests });
}

async function post<T>({ port }: ServiceProcess, path: string, body: object): Promise<T | null> {
  const key = new Secret(CALLER.privateKey);
  const credential = new ServiceCredential('connector-evm', 'signer', key, () => new Date());
  const answer = await fetch(`http://127.0.0.1:${port}/internal/signatures${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await credential.token()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer === null) return null;
  const { data, message } = (await answer.json()) as { data: T; message: string };
  if (answer.status !== 200) throw new Error(`${answer.status}: ${message}`);
  return data;
}
