import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Heads of chains that this book once had and has no more: its database was put back. They belong to the halt that was opened
 * for them, and once two people have lifted it they halt the book no more.
 */
export class LedgerLostHead1795467960000 implements MigrationInterface {
  readonly name = 'LedgerLostHead1795467960000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE lost_head (
         halt_id  uuid NOT NULL REFERENCES book_halt,
         shard    smallint NOT NULL,
         sequence bigint NOT NULL,
         hash     bytea NOT NULL,
         seen_at  timestamptz NOT NULL DEFAULT now(),
         PRIMARY KEY (shard, sequence, hash, halt_id)
       )`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lost_head');
  }
}
