import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { CreatedWebhookDto, DeliveryHistoryDto, SubscribedEvent } from '@sluice/http-api';
import { checkInvariants, Database, migrate } from '@sluice/postgres';
import { createServiceApp, ServiceCredential } from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import { EventSigningKey } from '@sluice/signing';
import { Secret } from '@sluice/runtime';
import { testMessageKeysText, VENUE_A } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  LocalIssuer,
  newServiceKey,
  TEST_LOGIN,
  testDatabase,
} from '@sluice/test-servers';
import { webhooksConfig, type WebhooksConfig } from '../config.js';
import type { WithdrawalStep } from '../events/event-body.js';
import { WithdrawalEventsConsumer } from '../deliveries/withdrawal-events.consumer.js';
import { WEBHOOKS_ENTITIES } from '../postgres/entities.js';
import { WEBHOOKS_SCHEMA } from '../postgres/schema.js';
import { WebhooksModule } from '../webhooks.module.js';

export const INVARIANTS = new URL('../postgres/invariants/', import.meta.url);
export const KEK = Buffer.alloc(32, 'kek of webhooks').toString('base64');

export const EVENTS_KEY = EventSigningKey.parse(Buffer.alloc(32, 'events').toString('base64'));

export function webhooksEnv(url: string, issuer: string): Record<string, string> {
  return {
    PORT: '0',
    KAFKA_BROKERS: 'none:9092',
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('webhooks'),
    OIDC_ISSUER: issuer,
    SECRETS_KEK: KEK,
    EVENTS_PUBLIC_KEYS: EVENTS_KEY.publicKey.publicKey,
  };
}

/** Returns the URL of a migrated database. */
export async function migrated(): Promise<string> {
  const url = await testDatabase('webhooks');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: WEBHOOKS_SCHEMA });
  return url;
}

/** An instance on a migrated database, without Kafka; `tell` passes events to the consumer. */
export async function givenWebhooks(
  url: string,
  env: Readonly<Record<string, string>> = {},
  change: Partial<WebhooksConfig> = {},
) {
  const issuer = await LocalIssuer.start();
  const intakeKey = newServiceKey();
  const config = {
    ...webhooksConfig({
      ...webhooksEnv(url, issuer.url),
      SERVICE_CALLERS: `{"intake-api":[${intakeKey.publicKey}]}`,
      ...env,
    }),
    ...change,
  };
  const open = (login: string) =>
    Database.open({
      url: login,
      name: 'webhooks-test',
      entities: WEBHOOKS_ENTITIES,
      customerPoolSize: 2,
    });
  const [service, database] = await Promise.all([open(asService(url)), open(url)]);
  const app: NestFastifyApplication = await createServiceApp(
    {
      name: 'webhooks',
      config,
      schema: WEBHOOKS_SCHEMA,
      module: WebhooksModule,
      checkInvariants: (of) => checkInvariants(of, INVARIANTS),
    },
    testPlatform('webhooks', service, config.messageKeys),
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const intake = new ServiceCredential(
    'intake-api',
    'webhooks',
    new Secret(intakeKey.privateKey),
    () => service.clock.now(),
  );
  /** Sends requests reserved for customers as intake-api, all other requests as an operator. */
  const ask = async <T = never>(method: Method, path: string, body?: object) => {
    const creates = method === 'POST' && path === 'webhooks';
    const isCustomers = method === 'PATCH' || path.includes('/rotate') || creates;
    return sent<T>(isCustomers ? await intake.token() : issuer.tokenOf('demo'), method, path, body);
  };
  const sent = async <T = never>(
    token: string,
    method: Method,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ) => {
    const response = await app.inject({
      method,
      url: `/internal/${path}`,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { payload: body }),
    });
    return { status: response.statusCode, body: response.json<AdminEnvelope<T>>() };
  };

  return {
    url,
    app,
    issuer,
    service,
    database,
    ask,
    sent,
    askAs: <T = never>(person: string, method: Method, path: string, body?: object) =>
      sent<T>(issuer.tokenOf(person), method, path, body),
    register: async (change: Partial<NewWebhook> = {}): Promise<CreatedWebhookDto> => {
      const webhook = { account: ACCOUNT, events: ['withdrawal.confirmed'], ...change };
      const { status, body } = await ask<CreatedWebhookDto>('POST', 'webhooks', webhook);
      if (status !== 201) throw new Error(body.message);
      return body.data;
    },
    tell: (...steps: readonly WithdrawalStep[]) => app.get(WithdrawalEventsConsumer).onBatch(steps),
    delivery: async (id: number | string) =>
      (await ask<DeliveryHistoryDto>('GET', `deliveries/${id}`)).body.data,
    deliveries: async (): Promise<readonly DeliveryHistoryDto[]> => {
      const rows = await database.query<{ id: string }>(
        'SELECT id FROM delivery WHERE webhook_id IS NOT NULL ORDER BY position',
      );
      return Promise.all(
        rows.map(
          async ({ id }) => (await ask<DeliveryHistoryDto>('GET', `deliveries/${id}`)).body.data,
        ),
      );
    },
    makeDue: () =>
      database.query(
        `UPDATE delivery SET next_attempt_at = now() WHERE status = 'pending' AND attempt_id IS NULL`,
      ),
    violations: async () => (await checkInvariants(database, INVARIANTS)).violations,
    close: async () => {
      await app.close();
      await Promise.all([service.close(), database.close(), issuer.stop()]);
    },
  };
}

export type TestWebhooks = Awaited<ReturnType<typeof givenWebhooks>>;

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
interface AdminEnvelope<T> {
  readonly success: boolean;
  readonly message: string;
  readonly data: T;
  readonly next_cursor?: string | null;
}
interface NewWebhook {
  readonly account: string;
  readonly url: string;
  readonly events: readonly (SubscribedEvent | string)[];
  readonly idempotency_key: string;
}

export const ACCOUNT = '0d6f1c1e-5b0a-4f0e-9f63-2f5a6c2f7b11';
let number = 1_000;

export function aStep(
  change: Partial<WithdrawalStep['data']> & { readonly type?: WithdrawalStep['type'] } = {},
): WithdrawalStep {
  const { type = 'withdrawal.completed.v1', ...data } = change;
  const withdrawalId = data.withdrawalId ?? randomUUID();
  return {
    id: randomUUID(),
    source: 'intake-api',
    subject: withdrawalId,
    time: '2026-11-20T08:09:00.040Z',
    type,
    data: {
      withdrawalId,
      number: String(++number),
      sequence: 1,
      accountId: ACCOUNT,
      clientReference: 'order-🔑',
      currency: 'USDT',
      network: 'ETH',
      amount: '100',
      fee: '1.5',
      destination: { type: 'address', address: '0x52908400098527886E0F7030069857D2E4169EE7' },
      venue: VENUE_A,
      status: 'confirmed',
      stage: 'done',
      txHash: '0x5e',
      errorMessage: null,
      reason: null,
      broadcastAt: null,
      at: '2026-11-20T08:09:00.040Z',
      ...data,
    },
  };
}
