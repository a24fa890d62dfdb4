import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes the numbers of the attempts while the last release serves. */
export class AttemptNumberIndex1795690001001 implements MigrationInterface {
  readonly name = 'AttemptNumberIndex1795690001001';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    // the index of an interrupted migration is invalid
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS attempt_serial_number');
    await runner.query(
      'CREATE UNIQUE INDEX CONCURRENTLY attempt_serial_number ON attempt (serial_number) WHERE serial_number IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY attempt_serial_number');
  }
}
