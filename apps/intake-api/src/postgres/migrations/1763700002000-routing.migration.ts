import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A route's venues have a state and limits, and a withdrawal may be given to the next one. Withdrawals taken before count as pinned:
 * their customers were promised one venue.
 */
export class Routing1763700002000 implements MigrationInterface {
  readonly name = 'Routing1763700002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE route
        ADD COLUMN state   text NOT NULL DEFAULT 'on' CHECK (state IN ('on', 'paused', 'closing')),
        ADD COLUMN minimum numeric CHECK (minimum >= 0),
        ADD COLUMN maximum numeric CHECK (maximum >= coalesce(minimum, 0));
      UPDATE route SET state = 'paused' WHERE NOT active;
      ALTER TABLE route DROP COLUMN active;

      ALTER TABLE withdrawal
        ADD COLUMN pinned boolean NOT NULL DEFAULT true,
        ADD COLUMN tried  text[]  NOT NULL DEFAULT '{}',
        ADD CONSTRAINT venue_is_tried_once CHECK (venue <> ALL (tried)),
        ADD CONSTRAINT pinned_is_not_rerouted CHECK (NOT pinned OR tried = '{}');
      ALTER TABLE withdrawal ALTER COLUMN pinned DROP DEFAULT`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE withdrawal DROP COLUMN pinned, DROP COLUMN tried;
      ALTER TABLE route ADD COLUMN active boolean NOT NULL DEFAULT true;
      UPDATE route SET active = state = 'on';
      ALTER TABLE route DROP COLUMN state, DROP COLUMN minimum, DROP COLUMN maximum`);
  }
}
