import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where each account has had money sent before, so that a burst of new addresses is noticed. */
export class KnownRecipient1764830000000 implements MigrationInterface {
  readonly name = 'KnownRecipient1764830000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(KNOWN_RECIPIENT);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recipient_cursor, known_recipient');
  }
}

// Filled behind the requests, by their numbers: no request waits for it. recipient: SHA-256 of the destination.
const KNOWN_RECIPIENT = `
  CREATE TABLE known_recipient (
    account_id    uuid NOT NULL,
    recipient     bytea NOT NULL,
    withdrawal_id uuid NOT NULL,
    first_seen    timestamptz NOT NULL,
    PRIMARY KEY (account_id, recipient)
  );
  CREATE INDEX known_recipient_new ON known_recipient (account_id, first_seen);
  INSERT INTO known_recipient
  SELECT DISTINCT ON (1, 2) account_id, sha256(convert_to(destination::text, 'UTF8')), id, requested_at
    FROM (SELECT account_id, destination, id, requested_at FROM withdrawal
          UNION ALL SELECT account_id, destination, id, requested_at FROM archived_withdrawal) AS earlier
   ORDER BY 1, 2, requested_at;
  CREATE TABLE recipient_cursor (one boolean PRIMARY KEY DEFAULT true CHECK (one), read_to bigint NOT NULL);
  INSERT INTO recipient_cursor (read_to) SELECT coalesce(max(number), 0) FROM withdrawal`;
