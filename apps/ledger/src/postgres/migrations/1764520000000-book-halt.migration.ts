import type { MigrationInterface, QueryRunner } from 'typeorm';

/** While a row is not lifted, nothing from Kafka is booked; see docs/operations/runbook.md. */
export class LedgerBookHalt1764520000000 implements MigrationInterface {
  readonly name = 'LedgerBookHalt1764520000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE book_halt (
         id        uuid PRIMARY KEY DEFAULT uuidv7(),
         reason    text NOT NULL,
         opened_at timestamptz NOT NULL DEFAULT now(),
         lifted_at timestamptz,
         lifted_by text,
         evidence  text,
         CONSTRAINT lifted_by_a_person CHECK (num_nonnulls(lifted_at, lifted_by, evidence) IN (0, 3) AND lifted_by <> '' AND evidence <> '')
       )`,
    );
    await runner.query(
      'CREATE UNIQUE INDEX book_halted_once ON book_halt ((lifted_at IS NULL)) WHERE lifted_at IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE book_halt');
  }
}
