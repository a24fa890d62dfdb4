import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit log of admin calls: a chain under a key that this database does not have. The service's login may read and insert; the
 * triggers refuse everything else to whoever has more rights, as a second wall.
 */
export class Audit1765030000000 implements MigrationInterface {
  readonly name = 'Audit1765030000000';

  async up(runner: QueryRunner): Promise<void> {
    // status: NULL in the entry that a call leaves before it changes anything; its answer is another entry with the same call_id.
    await runner.query(`
      CREATE TABLE audit_entry (
        sequence     bigint PRIMARY KEY CHECK (sequence > 0),
        call_id      uuid NOT NULL,
        at           timestamptz NOT NULL,
        service      text NOT NULL,
        caller_kind  text NOT NULL CHECK (caller_kind IN ('person', 'service', 'nobody')),
        caller_name  text NOT NULL,
        caller_roles text[] NOT NULL,
        remote       text NOT NULL,
        method       text NOT NULL,
        route        text NOT NULL,
        target       text NOT NULL,
        body_digest  bytea NOT NULL CHECK (octet_length(body_digest) = 32),
        summary      text NOT NULL,
        status       integer CHECK (status BETWEEN 100 AND 599),
        refusal      text,
        key_id       text NOT NULL,
        hash         bytea NOT NULL CHECK (octet_length(hash) = 32)
      )`);
    await runner.query('CREATE INDEX audit_entry_call ON audit_entry (call_id)');
    await runner.query(`
      CREATE FUNCTION refuse_change_of_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION '% is evidence: nothing in it is changed or removed', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await runner.query(`
      CREATE TRIGGER audit_entry_is_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entry');
    await runner.query('DROP FUNCTION refuse_change_of_evidence()');
  }
}
