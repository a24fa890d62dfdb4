import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The events of an account with one name, the newest first. Without a transaction, so that the index locks nothing. */
export class EventsByName1795535000000 implements MigrationInterface {
  readonly name = 'EventsByName1795535000000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS account_event_by_name');
    await runner.query(
      'CREATE INDEX CONCURRENTLY account_event_by_name ON account_event (account_id, event, id)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY account_event_by_name');
  }
}
