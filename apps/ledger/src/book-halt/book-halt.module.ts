import { Module } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { Health } from '@sluice/service-shell';
import { haltFaults } from './book-halt.js';
import { BookHaltsController } from './book-halts.controller.js';

/** Stops booking from Kafka after the book fails a check, until operators lift the halt. */
@Module({ controllers: [BookHaltsController] })
export class BookHaltModule {
  constructor(health: Health, database: Database) {
    health.add('book', () => haltFaults(database));
  }
}
