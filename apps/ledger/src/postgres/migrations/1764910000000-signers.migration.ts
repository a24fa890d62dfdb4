import type { MigrationInterface, QueryRunner } from 'typeorm';

const ONLY_GROW = [
  ...['account_signer', 'signed_order', 'order_case'].map(
    (table) =>
      `CREATE TRIGGER only_grows BEFORE UPDATE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()`,
  ),
  'CREATE TRIGGER stays BEFORE DELETE ON account_signer FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()',
];

/** Whose signature makes an order of an account one of its customer, which signed orders were taken, and which orders were none. */
export class LedgerSigners1764910000000 implements MigrationInterface {
  readonly name = 'LedgerSigners1764910000000';

  async up(runner: QueryRunner): Promise<void> {
    // A revocation is a further row. The MAC is part of the key so that a forged row keeps no genuine one out.
    await runner.query(
      `CREATE TABLE account_signer (
         account_id   uuid NOT NULL REFERENCES account,
         key_id       text NOT NULL CHECK (key_id <> ''),
         public_key   text NOT NULL CHECK (public_key <> ''),
         change       text NOT NULL CHECK (change IN ('added', 'revoked')),
         at           timestamptz NOT NULL,
         requested_by text NOT NULL CHECK (requested_by <> ''),
         approved_by  text CHECK (lower(approved_by) <> lower(requested_by)),
         mac_key_id   text NOT NULL,
         mac          bytea NOT NULL,
         PRIMARY KEY (account_id, public_key, change, mac),
         CONSTRAINT added_by_two_people CHECK (change <> 'added' OR approved_by IS NOT NULL)
       )`,
    );
    // client_reference: NULL where the hold was refused, for then the reference may be used again.
    await runner.query(
      `CREATE TABLE signed_order (
         withdrawal_id    uuid PRIMARY KEY,
         account_id       uuid NOT NULL,
         key_id           text NOT NULL,
         client_reference text,
         digest           bytea NOT NULL CHECK (octet_length(digest) = 32),
         request          json NOT NULL,
         taken_at         timestamptz NOT NULL,
         CONSTRAINT signed_order_once UNIQUE (account_id, digest)
       )`,
    );
    await runner.query(
      'CREATE UNIQUE INDEX signed_reference_once ON signed_order (account_id, key_id, client_reference)',
    );
    await runner.query(
      `CREATE TABLE order_case (
         withdrawal_id uuid PRIMARY KEY,
         account_id    uuid NOT NULL,
         detail        text NOT NULL,
         opened_at     timestamptz NOT NULL
       )`,
    );
    for (const statement of ONLY_GROW) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_case, signed_order, account_signer');
  }
}
