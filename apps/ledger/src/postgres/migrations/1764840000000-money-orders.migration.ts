import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who ordered each funding, transfer and reversal, and what that rests on. It outlives the entries of detached months. What was booked
 * before `money_orders_begin` has no order: it may have come by Kafka, without a name.
 */
export class LedgerMoneyOrders1764840000000 implements MigrationInterface {
  readonly name = 'LedgerMoneyOrders1764840000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `CREATE TABLE money_order (
         entry_id    uuid PRIMARY KEY,
         ordered_by  text NOT NULL CHECK (ordered_by <> ''),
         approved_by text CHECK (approved_by <> ''),
         evidence    text NOT NULL CHECK (evidence <> ''),
         ordered_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
         CONSTRAINT ordered_by_two_people CHECK (lower(approved_by) <> lower(ordered_by))
       )`,
      'CREATE TABLE money_orders_begin (at timestamptz NOT NULL)',
      'CREATE UNIQUE INDEX money_orders_begin_once ON money_orders_begin ((true))',
      'INSERT INTO money_orders_begin VALUES (clock_timestamp())',
      ...['money_order', 'money_orders_begin'].map(
        (
          table,
        ) => `CREATE TRIGGER journal_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
           FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
      ),
      'REVOKE UPDATE, DELETE, TRUNCATE ON money_order, money_orders_begin FROM CURRENT_USER',
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE money_order');
    await runner.query('DROP TABLE money_orders_begin');
  }
}
