import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What two people have to say, bound to its exact content. The constraints hold whoever writes: the second person is another one, has the role, and is in time. */
export class Approval1765030001000 implements MigrationInterface {
  readonly name = 'Approval1765030001000';

  async up(runner: QueryRunner): Promise<void> {
    // request: canonical JSON, of which digest is the SHA-256 together with action and target.
    await runner.query(`
      CREATE TABLE approval (
        id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        action         text NOT NULL,
        target         text NOT NULL,
        request        text NOT NULL,
        digest         bytea NOT NULL CHECK (octet_length(digest) = 32),
        requested_by   text NOT NULL CHECK (requested_by <> ''),
        requested_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
        expires_at     timestamptz NOT NULL DEFAULT clock_timestamp() + interval '24 hours',
        approved_by    text,
        approver_roles text[],
        approved_at    timestamptz,
        voided_by      text,
        voided_at      timestamptz,
        CONSTRAINT approved_by_another_person CHECK (lower(approved_by) <> lower(requested_by)),
        CONSTRAINT approved_with_the_role CHECK (approved_by IS NULL OR ('approve' = ANY (approver_roles)) IS TRUE),
        CONSTRAINT approved_in_time CHECK (approved_at < expires_at),
        CHECK ((approved_by IS NULL) = (approved_at IS NULL)),
        CHECK ((voided_by IS NULL) = (voided_at IS NULL)),
        CHECK (approved_at IS NULL OR voided_at IS NULL)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX approval_awaited ON approval (action, target) WHERE approved_at IS NULL AND voided_at IS NULL`);
    await runner.query(`
      CREATE FUNCTION refuse_change_of_approval() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF OLD.approved_at IS NOT NULL OR OLD.voided_at IS NOT NULL THEN
          RAISE EXCEPTION 'approval % has ended: nothing in it is changed', OLD.id USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF (OLD.id, OLD.action, OLD.target, OLD.request, OLD.digest, OLD.requested_by, OLD.requested_at, OLD.expires_at)
           IS DISTINCT FROM
           (NEW.id, NEW.action, NEW.target, NEW.request, NEW.digest, NEW.requested_by, NEW.requested_at, NEW.expires_at) THEN
          RAISE EXCEPTION 'what approval % is about cannot be changed', OLD.id USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
      END $$`);
    await runner.query(`
      CREATE TRIGGER approval_keeps_its_content BEFORE UPDATE ON approval
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_approval()`);
    await runner.query(`
      CREATE TRIGGER approval_is_evidence BEFORE DELETE OR TRUNCATE ON approval
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_evidence()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE approval');
    await runner.query('DROP FUNCTION refuse_change_of_approval()');
  }
}
