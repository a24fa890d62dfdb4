import 'reflect-metadata';
import type { KeyObject } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Type } from '@nestjs/common';
import type { Permission } from '@sluice/http-api';
import { createServiceApp, watcher } from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import { type IntakeRequest, signIntake, signIntakeEd25519 } from '@sluice/signing';
import { startTestServer, testMessageKeysText } from '@sluice/test-kit';
import { asService, LocalIssuer, newServiceKey } from '@sluice/test-servers';
import { type Agree, KeyChanges } from '../api-keys/key-changes.js';
import { intakeConfig } from '../config.js';
import { IntakeApiModule } from '../intake-api.module.js';
import { intakeApi } from '../intake-api.service.js';
import { Saga } from '../withdrawals/saga/saga.js';
import { KEK } from './a-withdrawal.js';
import { givenInstance } from './given-intake.js';

export interface ApiCall {
  method?: string;
  /** Target as written on the request line. */
  target?: string;
  body?: string | Buffer;
  headers?: Record<string, string>;
  /** Caller of operators' endpoints. Default: a person with all roles. */
  person?: string;
  /** Timestamp in whole seconds. Default: a fresh timestamp. */
  timestamp?: string;
  /** A secret, or the customer's own Ed25519 key. */
  key?: { keyId: string; secret: string | KeyObject };
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { success: boolean; message: string; data: Record<string, unknown> };
}

/** Starts an instance on a real port, without Kafka: messages stay in the outbox. */
export async function givenApi(
  url: string,
  env: Readonly<Record<string, string>> = {},
  module: Type = IntakeApiModule,
) {
  const instance = await givenInstance(url);
  const { service, unitOfWork } = instance;
  const issuer = await LocalIssuer.start();
  const config = intakeConfig({
    PORT: '0',
    INTERNAL_PORT: '0',
    KAFKA_BROKERS: 'none:9092',
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('intake-api'),
    OIDC_ISSUER: issuer.url,
    SERVICE_KEY: newServiceKey().privateKey,
    LEDGER_URL: 'http://127.0.0.1:1',
    SECRETS_KEK: KEK.reveal(),
    EVENTS_SIGNING_KEY: Buffer.alloc(32, 'events').toString('base64'),
    ...env,
  });
  const platform = testPlatform('intake-api', service, config.messageKeys, { unitOfWork });
  const { internalPort: _one, invariantWatch: watch, ...definition } = intakeApi(config);
  if (!watch) throw new Error('no invariant watch is running');
  const app = await createServiceApp({ ...definition, module }, platform);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return {
    ...instance,
    port,
    app,
    issuer,
    saga: app.get(Saga),
    /** Runs the invariant watch once; the service runs the watch every 20 s. */
    look: watcher({ ...platform, watch }),
    createKey: (
      accountId: string,
      permissions: readonly Permission[],
      limits: { rateLimit?: number; allowedIps?: string[] } = {},
    ) =>
      app.get(KeyChanges).create(
        {
          accountId,
          label: 'test',
          permissions,
          rateLimit: 100_000,
          allowedIps: [],
          expiresInDays: 0,
          ...limits,
        },
        ALONE,
      ),
    /**
     * Sends a request, signed with `key` if given; /internal gets the token of a person with all
     * roles.
     */
    send: (call: ApiCall) => send(port, issuer, call),
    post: (target: string, body: object, call: ApiCall = {}) =>
      send(port, issuer, { method: 'POST', target, body: JSON.stringify(body), ...call }),
    /** Waits until the request is on record; returns the withdrawal's id. */
    recorded: async (clientReference: string): Promise<string> => {
      for (;;) {
        const [row] = await instance.database.query<{ id: string }>(
          'SELECT id FROM withdrawal WHERE client_reference = $1',
          [clientReference],
        );
        if (row) return row.id;
        await sleep(5);
      }
    },
    /** Sends a request of operators. A second person approves the request if this is required. */
    byTwo: async (target: string, body: object): Promise<ApiAnswer> => {
      const asked = await send(port, issuer, {
        method: 'POST',
        target: `/internal/${target}`,
        body: JSON.stringify(body),
      });
      if (asked.status !== 202) return asked;
      const approval = `/internal/approvals/${String(asked.body.data['approval_id'])}`;
      const approved = await send(port, issuer, {
        method: 'POST',
        target: approval,
        person: 'peter',
      });
      const data = (approved.body.data['result'] ?? {}) as Record<string, unknown>;
      return { ...approved, body: { ...approved.body, data } };
    },
    close: async () => {
      await app.close();
      await issuer.stop();
      await instance.close();
    },
  };
}

export type TestApi = Awaited<ReturnType<typeof givenApi>>;

/** The part of an answer that a refusal is known by. */
export function refusal(status: number, message: string) {
  return { status, body: { success: false, message } };
}

let sent = 0;

/**
 * A distinct second of the window per request: equal requests of a second have equal signatures.
 */
export function freshTimestamp(): string {
  return String(Math.floor(Date.now() / 1000) + ((sent++ % 500) - 250));
}

function send(
  port: number,
  issuer: LocalIssuer,
  {
    method = 'GET',
    target = '/',
    body = '',
    headers = {},
    person = 'demo',
    key,
    timestamp = freshTimestamp(),
  }: ApiCall,
): Promise<ApiAnswer> {
  const [path = '', query = ''] = target.split(/\?(.*)/s, 2);
  const operator: Record<string, string> = path.startsWith('/internal')
    ? { authorization: `Bearer ${issuer.tokenOf(person)}` }
    : {};
  const signing: Record<string, string> = key
    ? {
        'x-cpg-key': key.keyId,
        'x-cpg-timestamp': timestamp,
        'x-cpg-signature': signatureOf(key.secret, { timestamp, method, path, query, body }),
      }
    : {};
  return new Promise((resolve, reject) => {
    const type: Record<string, string> =
      body.length > 0 ? { 'content-type': 'application/json' } : {};
    const length =
      method === 'GET' && body.length === 0
        ? {}
        : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request(
      {
        port,
        method,
        path: target,
        headers: { ...type, ...length, ...operator, ...signing, ...headers },
        agent: false,
      },
      (response) => {
        const { statusCode: status = 0, headers: answered } = response;
        if (answered['content-type']?.startsWith('text/event-stream') === true) {
          // a stream has no end to wait for
          response.destroy();
          return resolve({ status, headers: answered, text: '', body: NO_BODY });
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status,
            headers: answered,
            text,
            body: text.startsWith('{') ? JSON.parse(text) : {},
          });
        });
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const NO_BODY = { success: true, message: '', data: {} };

function signatureOf(secret: string | KeyObject, request: IntakeRequest): string {
  return typeof secret === 'string'
    ? signIntake(secret, request)
    : signIntakeEd25519(secret, request);
}

/**
 * Ledger double: answers with the data of `answerTo`, or with 404 for null, and records requests.
 */
export async function givenLedgerApi(
  answerTo: (target: string) => object | string | null = () => [],
) {
  const asked: string[] = [];
  const bodies: string[] = [];
  const { url, stop } = await startTestServer(({ url: target = '' }, response, body) => {
    asked.push(target);
    if (body !== '') bodies.push(body);
    const data = answerTo(target);
    const isAnswer = typeof data === 'object' && data !== null;
    response.statusCode = isAnswer ? 200 : 404;
    const message = isAnswer ? 'OK' : (data ?? 'Not found');
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ success: isAnswer, message, next_cursor: null, data }));
  });
  return { url, asked, bodies, close: stop };
}

/** Agreement of a test to a change of a key: no second person is needed. */
export const ALONE: Agree<never> = () => Promise.resolve(null);
