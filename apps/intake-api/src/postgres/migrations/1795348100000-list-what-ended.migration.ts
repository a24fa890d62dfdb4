import type { MigrationInterface, QueryRunner } from 'typeorm';

const AT_ONCE = 20_000;

/**
 * Lists what had ended before, part by part, while the service goes on: what ends meanwhile the trigger lists. Without a transaction, so that
 * no lock is held longer than a part takes; it may be stopped and begun again.
 */
export class ListWhatEnded1795348100000 implements MigrationInterface {
  readonly name = 'ListWhatEnded1795348100000';
  readonly transaction = false;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY IF EXISTS open_withdrawal_account');
    await runner.query(
      'CREATE INDEX CONCURRENTLY open_withdrawal_account ON open_withdrawal (account_id, number)',
    );
    await runner.query(OPEN);
    for (let after: string | null = '0'; after !== null;) {
      const [part] = (await runner.query(ENDED, [after, AT_ONCE])) as { last: string | null }[];
      after = part?.last ?? null;
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX CONCURRENTLY open_withdrawal_account');
    await runner.query('DELETE FROM ended_withdrawal');
  }
}

const OPEN = `
  UPDATE open_withdrawal o SET account_id = w.account_id, number = w.number FROM withdrawal w WHERE w.id = o.id AND o.account_id IS NULL`;

const ENDED = `
  WITH part AS MATERIALIZED (SELECT * FROM withdrawal WHERE number > $1::bigint ORDER BY number LIMIT $2),
  listed AS (
    INSERT INTO ended_withdrawal (account_id, state, number, currency, network, venue, requested_at)
    SELECT account_id, state, number, currency, network, venue, requested_at FROM part WHERE state IN ('completed', 'failed', 'cancelled')
    ON CONFLICT DO NOTHING)
  SELECT max(number)::text AS last FROM part`;
