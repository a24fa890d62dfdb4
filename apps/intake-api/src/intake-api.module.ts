import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Database } from '@sluice/postgres';
import type { Platform } from '@sluice/service-shell';
import type { IntakeConfig } from './config.js';
import { AccountsDoor } from './doors/accounts.door.js';
import { InvariantsDoor } from './doors/invariants.door.js';
import { RoutesDoor } from './doors/routes.door.js';
import { WithdrawalsDoor } from './doors/withdrawals.door.js';
import { AccountController } from './http/account.controller.js';
import { AuthenticationGuard } from './http/authentication.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { LedgerClient } from './http/ledger-client.js';
import { WithdrawalWaiters } from './http/withdrawal-waiters.js';
import { WithdrawalsController } from './http/withdrawals.controller.js';
import { Healing } from './healing/healing.js';
import { EventsConsumer } from './kafka/events.consumer.js';
import { CHANGED_CHANNEL, Saga } from './kafka/saga.js';
import { SentAudit } from './kafka/sent-audit.js';
import { WithdrawalIntake } from './place-withdrawal.js';
import { AdmissionSweep } from './postgres/admission-sweep.js';
import { AdmissionStore } from './postgres/admission.js';
import { CatalogueStore } from './postgres/catalogue-store.js';
import { CONFIG_CHANNEL, KeyStore } from './postgres/key-store.js';
import { findByIds, findByReferences } from './postgres/withdrawal-store.js';
import { RequestRoom } from './request-room.js';
import type { RequestPorts } from './request-withdrawal.js';
import { SecretBox } from './secrets/sealed-secret.js';
import { VenueReferences } from './secrets/venue-references.js';
import { DATABASE, REQUEST_PORTS, UNIT_OF_WORK } from './tokens.js';

@Module({})
class IntakeApiModule {}

/** The only wiring of this service. */
export async function intakeModule(
  platform: Platform,
  config: IntakeConfig,
): Promise<DynamicModule> {
  const { database, unitOfWork, logger } = platform;
  const keys = new KeyStore(database, new SecretBox(config.secretsKek.reveal()));
  const catalogue = new CatalogueStore(database);
  const admission = new AdmissionStore(database);
  const waiters = new WithdrawalWaiters((ids) => findByIds(database, ids));
  const instance = randomUUID();
  await listen(database, instance, waiters, { keys, catalogue });

  const ports: RequestPorts = {
    catalogue,
    intake: new WithdrawalIntake(unitOfWork, new VenueReferences(config.secretsKek.reveal())),
    waiters,
    holdTimeoutMs: config.holdTimeoutMs,
    room: new RequestRoom(config.mostUndecidedRequests),
    findByReference: async (keyId, clientReference) =>
      (await findByReferences(database, [{ keyId, clientReference }]))[0] ?? null,
  };
  const guard = new AuthenticationGuard(
    {
      findKey: (keyId) => keys.find(keyId),
      admit: (knock) => admission.admit(knock),
      now: () => database.clock.now().getTime(),
    },
    config.requestsPerMinutePerIp,
  );
  return {
    module: IntakeApiModule,
    controllers: [
      WithdrawalsController,
      AccountController,
      AccountsDoor,
      WithdrawalsDoor,
      RoutesDoor,
      InvariantsDoor,
      EventsConsumer,
    ],
    providers: [
      { provide: DATABASE, useValue: database },
      { provide: UNIT_OF_WORK, useValue: unitOfWork },
      { provide: REQUEST_PORTS, useValue: ports },
      { provide: KeyStore, useValue: keys },
      { provide: LedgerClient, useValue: new LedgerClient(config.ledgerUrl, config.internalToken) },
      { provide: Saga, useValue: new Saga(unitOfWork, waiters, logger, instance) },
      { provide: Healing, useFactory: () => healingOf(platform) },
      { provide: SentAudit, useValue: new SentAudit(unitOfWork, logger) },
      { provide: AdmissionSweep, useFactory: () => new AdmissionSweep(admission, logger) },
      { provide: APP_GUARD, useValue: guard },
      { provide: APP_FILTER, useValue: new ErrorFilter(logger) },
    ],
  };
}

/** What Kafka says to have lost is asked for at once. */
function healingOf(platform: Platform): Healing {
  const { database, unitOfWork, logger } = platform;
  const healing = Healing.started(database, unitOfWork, logger);
  platform.onLogLoss(
    () =>
      void healing
        .askAll()
        .catch((error: unknown) => logger.warn({ err: error }, 'asked for when its turn comes')),
  );
  return healing;
}

async function listen(
  database: Database,
  instance: string,
  waiters: WithdrawalWaiters,
  remembered: { keys: KeyStore; catalogue: CatalogueStore },
): Promise<void> {
  await database.listen(CHANGED_CHANNEL, (from) => {
    if (from !== instance) void waiters.refresh();
  });
  await database.listen(CONFIG_CHANNEL, () => {
    remembered.keys.forget();
    remembered.catalogue.forget();
  });
}
