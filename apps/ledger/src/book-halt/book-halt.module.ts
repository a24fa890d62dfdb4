import { Module } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { Health } from '@sluice/service-shell';
import { BookLifts, haltFaults } from './book-halt.js';
import { BookHaltsController } from './book-halts.controller.js';

@Module({
  controllers: [BookHaltsController],
  providers: [BookLifts],
  exports: [BookLifts],
})
export class BookHaltModule {
  constructor(health: Health, database: Database, lifts: BookLifts) {
    health.add('book', () => haltFaults(database, lifts));
  }
}
