import { Module } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { Health } from '@sluice/service-shell';
import { haltFaults } from './book-halt.js';
import { BookHaltsController } from './book-halts.controller.js';

/** The ledger books nothing more from Kafka once its book does not hold, until a person has looked. */
@Module({ controllers: [BookHaltsController] })
export class BookHaltModule {
  constructor(health: Health, database: Database) {
    health.add('book', () => haltFaults(database));
  }
}
