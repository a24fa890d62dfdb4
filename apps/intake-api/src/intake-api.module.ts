import { randomUUID } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import type { Database } from '@sluice/postgres';
import type { Platform } from '@sluice/service-shell';
import type { IntakeConfig } from './config.js';
import { AccountsAdminController } from './admin/accounts.admin.controller.js';
import { InvariantsAdminController } from './admin/invariants.admin.controller.js';
import { RoutesAdminController } from './admin/routes.admin.controller.js';
import { WithdrawalsAdminController } from './admin/withdrawals.admin.controller.js';
import { AccountStore } from './accounts/account-store.js';
import { AccountController } from './accounts/account.controller.js';
import { AuthenticationGuard } from './api-keys/authentication.guard.js';
import { ErrorFilter } from './http/error.filter.js';
import { LedgerClient } from './accounts/ledger-client.js';
import { WithdrawalWaiters } from './withdrawals/withdrawal-waiters.js';
import { WithdrawalsController } from './withdrawals/withdrawals.controller.js';
import { Recovery } from './withdrawals/recovery/recovery.js';
import { EventsConsumer } from './withdrawals/saga/events.consumer.js';
import { CHANGED_CHANNEL, CONFIG_CHANNEL } from './channels.js';
import { Saga } from './withdrawals/saga/saga.js';
import { SentAudit } from './withdrawals/saga/sent-audit.js';
import { WithdrawalIntake } from './withdrawals/place-withdrawal.js';
import { AdmissionSweep } from './api-keys/admission-sweep.js';
import { AdmissionStore } from './api-keys/admission.js';
import { CatalogueStore } from './catalogue/catalogue-store.js';
import { KeyStore } from './api-keys/key-store.js';
import { findByIds, findByReferences } from './withdrawals/withdrawal-store.js';
import { InFlightLimit } from './withdrawals/in-flight-limit.js';
import type { RequestPorts } from './withdrawals/request-withdrawal.js';
import { SecretBox } from './api-keys/sealed-secret.js';
import { VenueReferences } from './withdrawals/venue-references.js';
import { DATABASE, REQUEST_PORTS, UNIT_OF_WORK } from './tokens.js';

@Module({})
class IntakeApiModule {}

/** The only wiring of this service. */
export async function intakeModule(
  platform: Platform,
  config: IntakeConfig,
): Promise<DynamicModule> {
  const { database, unitOfWork, logger } = platform;
  const keys = new KeyStore(database, unitOfWork, new SecretBox(config.secretsKek.reveal()));
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
    inFlight: new InFlightLimit(config.maxPendingRequests),
    findByReference: async (keyId, clientReference) =>
      (await findByReferences(database, [{ keyId, clientReference }]))[0] ?? null,
  };
  const guard = new AuthenticationGuard(
    {
      findKey: (keyId) => keys.find(keyId),
      admit: (attempt) => admission.admit(attempt),
      now: () => database.clock.now().getTime(),
    },
    config.requestsPerMinutePerIp,
  );
  return {
    module: IntakeApiModule,
    controllers: [
      WithdrawalsController,
      AccountController,
      AccountsAdminController,
      WithdrawalsAdminController,
      RoutesAdminController,
      InvariantsAdminController,
      EventsConsumer,
    ],
    providers: [
      { provide: DATABASE, useValue: database },
      { provide: UNIT_OF_WORK, useValue: unitOfWork },
      { provide: REQUEST_PORTS, useValue: ports },
      { provide: KeyStore, useValue: keys },
      { provide: AccountStore, useValue: new AccountStore(database, unitOfWork) },
      { provide: LedgerClient, useValue: new LedgerClient(config.ledgerUrl, config.internalToken) },
      { provide: Saga, useValue: new Saga(unitOfWork, waiters, logger, instance) },
      { provide: Recovery, useFactory: () => recoveryOf(platform) },
      { provide: SentAudit, useValue: new SentAudit(unitOfWork, logger) },
      { provide: AdmissionSweep, useFactory: () => new AdmissionSweep(admission, logger) },
      { provide: APP_GUARD, useValue: guard },
      { provide: APP_FILTER, useValue: new ErrorFilter(logger) },
    ],
  };
}

/** When a part of the log is lost, all that is overdue is asked for at once. */
function recoveryOf(platform: Platform): Recovery {
  const { database, unitOfWork, logger } = platform;
  const recovery = Recovery.start(database, unitOfWork, logger);
  platform.onLogLoss(
    () =>
      void recovery
        .repeatAll()
        .catch((error: unknown) =>
          logger.warn({ err: error }, 'overdue answers will be asked for by the next run'),
        ),
  );
  return recovery;
}

async function listen(
  database: Database,
  instance: string,
  waiters: WithdrawalWaiters,
  caches: { keys: KeyStore; catalogue: CatalogueStore },
): Promise<void> {
  await database.listen(CHANGED_CHANNEL, (from) => {
    if (from !== instance) void waiters.refresh();
  });
  await database.listen(CONFIG_CHANNEL, () => {
    caches.keys.clear();
    caches.catalogue.clear();
  });
}
