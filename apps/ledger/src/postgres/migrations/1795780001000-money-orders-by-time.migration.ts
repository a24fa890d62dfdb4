import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes the orders by one person by time, for the sums of the last day. */
export class MoneyOrdersByTime1795780001000 implements MigrationInterface {
  readonly name = 'MoneyOrdersByTime1795780001000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS money_order_by_one_person');
    await runner.query(
      'CREATE INDEX CONCURRENTLY money_order_by_one_person ON money_order (ordered_at) WHERE approved_by IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX money_order_by_one_person');
  }
}
