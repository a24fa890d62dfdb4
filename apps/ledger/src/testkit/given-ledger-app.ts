import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfig } from '@sluice/runtime';
import { testMessageKeysText } from '@sluice/test-kit';
import { LocalIssuer } from '@sluice/test-servers';
import { createServiceApp, SERVICE_SETTINGS } from '@sluice/service-shell';
import { testPlatform } from '@sluice/service-shell/testing';
import { inOneSnapshot } from '../proof/prove-book.controller.js';
import { DEFAULT_SETTINGS } from '../money-orders/one-person-limits.js';
import { DEFAULT_PASSKEYS, OwnPasskeys, type PasskeySettings } from '../passkeys/passkeys.js';
import { LedgerModule } from '../ledger.module.js';
import { checkInvariants } from '../postgres/check-invariants.js';
import { SECRETS } from './test-authority.js';
import { LEDGER_SCHEMA } from '../postgres/schema.js';
import type { TestLedger } from './given-ledger.js';

export async function givenLedgerApp(
  ledger: TestLedger,
  env: Readonly<Record<string, string>> = {},
  passkeys: Partial<PasskeySettings> = {},
) {
  const issuer = await LocalIssuer.start();
  const settings = readConfig(
    {
      PORT: '0',
      KAFKA_BROKERS: 'none:9092',
      DATABASE_URL: ledger.url,
      OIDC_ISSUER: issuer.url,
      MESSAGE_KEYS: testMessageKeysText('ledger'),
      ...env,
    },
    SERVICE_SETTINGS,
  );
  const config = { ...settings, ...DEFAULT_PASSKEYS, ...passkeys };
  const { service: database, unitOfWork } = ledger;
  const app: NestFastifyApplication = await createServiceApp(
    {
      name: 'ledger',
      config,
      schema: LEDGER_SCHEMA,
      module: LedgerModule.of({ ...SECRETS, limits: DEFAULT_SETTINGS }),
      passkeys: (of, seals) => new OwnPasskeys(of, seals, config),
      checkInvariants: (of) => inOneSnapshot(of, checkInvariants),
    },
    testPlatform('ledger', database, config.messageKeys, { unitOfWork }),
  );
  const routes: string[] = [];
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => void routes.push(`${String(method)} ${url}`));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  return {
    routes: routes as readonly string[],
    issuer,
    /** Sends a request (default token: a person with all roles). */
    ask: async (
      method: 'GET' | 'POST',
      url: string,
      body?: object | string,
      token = issuer.tokenOf('demo'),
      headers: Readonly<Record<string, string>> = {},
    ) => {
      const response = await app.inject({
        method,
        url,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body && { payload: body }),
      });
      return { status: response.statusCode, body: response.json() };
    },
    /** The status alone, without a body, with this token or none. */
    statusOf: async (method: string, url: string, token: string | undefined): Promise<number> => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await app.inject({ method: method === 'GET' ? 'GET' : 'POST', url, headers }))
        .statusCode;
    },
    close: async () => {
      await app.close();
      await issuer.stop();
    },
  };
}
