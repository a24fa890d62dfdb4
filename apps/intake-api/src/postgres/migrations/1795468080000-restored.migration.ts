import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a process was last alive, which restore is not over, and which payments of venues belong to no withdrawal here. */
export class Restored1795468080000 implements MigrationInterface {
  readonly name = 'Restored1795468080000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(RESTORED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE venue_payment, venue_read, life');
  }
}

// life.restored: names a restore until every venue has read its record; since: intake-api may have lost what happened from then on.
// venue_payment.payment_key: currency, amount and recipient; NULL where only the reference is compared.
const RESTORED = `
  CREATE TABLE life (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    alive_at  timestamptz NOT NULL,
    restored  uuid,
    since     timestamptz,
    began_at  timestamptz,
    asked_at  timestamptz
  );
  CREATE TABLE venue_read (
    venue   text PRIMARY KEY,
    life    uuid NOT NULL,
    read_at timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE TABLE venue_payment (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    venue            text NOT NULL,
    record           text NOT NULL,
    client_reference text,
    payment_key      text,
    made_at          timestamptz NOT NULL,
    seen_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at        timestamptz,
    UNIQUE (venue, record)
  );
  CREATE INDEX venue_payment_reference ON venue_payment (client_reference) WHERE closed_at IS NULL;
  CREATE INDEX venue_payment_key ON venue_payment (payment_key) WHERE closed_at IS NULL`;
