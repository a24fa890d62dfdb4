import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readConfig } from '@sluice/config';
import { DeadLetters, SkippedBatches } from '@sluice/postgres';
import { createLogger, createServiceApp, Health, SERVICE_SETTINGS } from '@sluice/service-shell';
import { inOneSnapshot } from '../hash-chain/prove-book.js';
import { LedgerModule } from '../ledger.module.js';
import { checkInvariants } from '../postgres/check-invariants.js';
import { LEDGER_SCHEMA } from '../postgres/schema.js';
import type { TestLedger } from './given-ledger.js';

const TOKEN = 'the operators token';

/** The service over a ledger, without Kafka. */
export async function givenLedgerApp(ledger: TestLedger) {
  const config = readConfig(
    { PORT: '0', KAFKA_BROKERS: 'none', DATABASE_URL: ledger.url, INTERNAL_TOKEN: TOKEN },
    SERVICE_SETTINGS,
  );
  const { service: database, unitOfWork } = ledger;
  const app: NestFastifyApplication = await createServiceApp(
    {
      name: 'ledger',
      config,
      schema: LEDGER_SCHEMA,
      module: LedgerModule,
      checkInvariants: (of) => inOneSnapshot(of, checkInvariants),
    },
    {
      name: 'ledger',
      logger: createLogger('ledger', 'silent'),
      ...{ database, clock: database.clock, unitOfWork },
      deadLetters: new DeadLetters(database),
      skipped: new SkippedBatches(database),
      health: new Health(),
      onLogLoss: () => undefined,
    },
  );
  const routes: string[] = [];
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url }) => void routes.push(`${String(method)} ${url}`));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  return {
    /** As `GET /internal/…`, in the order in which they were made. */
    routes: routes as readonly string[],
    /** Asks with the operators' token. */
    ask: async (method: 'GET' | 'POST', url: string, body?: object) => {
      const response = await app.inject({
        method,
        url,
        headers: { authorization: `Bearer ${TOKEN}` },
        ...(body && { payload: body }),
      });
      return { status: response.statusCode, body: response.json() };
    },
    close: () => app.close(),
  };
}
