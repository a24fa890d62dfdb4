import { randomUUIDv7 } from 'node:crypto';
import {
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '@sluice/postgres';
import type { Platform } from '@sluice/service-shell';
import { createApplyCommands } from './commands/apply-commands.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AdminCommands } from './commands/admin-commands.js';
import { DetachmentController } from './hash-chain/detachments.controller.js';
import { InvariantsController } from './admin/invariants.controller.js';
import { JournalController } from './journal/entries.controller.js';
import { OpenApiController } from './admin/open-api.controller.js';
import { ProofController } from './hash-chain/proof.controller.js';
import { WithdrawalsController } from './journal/withdrawal-entries.controller.js';
import { LedgerCommandsConsumer } from './commands/ledger-commands.consumer.js';
import { LedgerWorkers } from './ledger-workers.js';
import { LedgerQueries } from './postgres/ledger-queries.js';
import { APPLY_COMMANDS } from './tokens.js';

/** The only wiring of the app. */
@Module({})
export class LedgerModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(@Inject(LedgerWorkers) private readonly workers: LedgerWorkers) {}

  static over({
    database,
    unitOfWork,
    logger,
  }: Pick<Platform, 'database' | 'unitOfWork' | 'logger'>): DynamicModule {
    const now = () => database.clock.now(); // of all instances, and of the rows that others of our services write
    const applyCommands = createApplyCommands({ unitOfWork, now, newId: randomUUIDv7 });
    return {
      module: LedgerModule,
      controllers: [
        LedgerCommandsConsumer,
        AccountsController,
        WithdrawalsController,
        InvariantsController,
        JournalController,
        ProofController,
        OpenApiController,
        DetachmentController,
      ],
      providers: [
        { provide: Database, useValue: database },
        { provide: LedgerQueries, useValue: new LedgerQueries(database) },
        { provide: APPLY_COMMANDS, useValue: applyCommands },
        { provide: AdminCommands, useValue: new AdminCommands(applyCommands, now, randomUUIDv7) },
        {
          provide: LedgerWorkers,
          useValue: new LedgerWorkers(
            { database, unitOfWork, applyCommands, now, newId: randomUUIDv7 },
            logger,
          ),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    this.workers.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.workers.stop();
  }
}
