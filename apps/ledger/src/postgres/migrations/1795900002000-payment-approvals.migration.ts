import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Adds payments that wait for people, their votes, and the passkeys of the approvers. The database
 * admits a grant only with the quorum of the case, and only from distinct people.
 */
export class PaymentApprovals1795900002000 implements MigrationInterface {
  readonly name = 'PaymentApprovals1795900002000';
  readonly contracts = {
    since: '0.3.0',
    because: 'release 0.3.0 writes no grant, and the trigger refuses grants alone',
  };

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES);
    await runner.query(QUORUM);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(UNDO);
  }
}

const TABLES = `
  CREATE TABLE passkey (
    credential_id text PRIMARY KEY,
    person        text NOT NULL,
    public_key    text NOT NULL,
    uses          bigint NOT NULL DEFAULT 0,
    added_at      timestamptz NOT NULL,
    usable_at     timestamptz NOT NULL CHECK (usable_at >= added_at),
    approved_by   text NOT NULL,
    seal          text NOT NULL,
    CONSTRAINT passkey_by_two_people CHECK (approved_by <> person)
  );
  CREATE TABLE passkey_revocation (
    credential_id text PRIMARY KEY REFERENCES passkey,
    revoked_at    timestamptz NOT NULL,
    revoked_by    text NOT NULL
  );
  CREATE TABLE approval_case (
    withdrawal_id  uuid NOT NULL,
    round          integer NOT NULL CHECK (round > 0),
    account_id     uuid NOT NULL,
    policy_version integer NOT NULL,
    content        text NOT NULL,
    digest         text NOT NULL,
    quorums        jsonb NOT NULL,
    request        text NOT NULL,
    asked_at       timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    seal           text NOT NULL,
    outcome        text CHECK (outcome IN ('granted', 'refused', 'expired', 'cancelled', 'denied', 'replaced')),
    ended_at       timestamptz,
    PRIMARY KEY (withdrawal_id, round),
    CONSTRAINT approval_case_ends_once CHECK ((outcome IS NULL) = (ended_at IS NULL))
  );
  CREATE UNIQUE INDEX approval_case_open ON approval_case (withdrawal_id) WHERE outcome IS NULL;
  CREATE INDEX approval_case_over ON approval_case (expires_at) WHERE outcome IS NULL;
  CREATE INDEX approval_case_newest ON approval_case (asked_at DESC);
  CREATE TABLE approval_vote (
    withdrawal_id uuid NOT NULL,
    round         integer NOT NULL,
    person        text NOT NULL,
    decision      text NOT NULL CHECK (decision IN ('approve', 'refuse')),
    groups        text[] NOT NULL CHECK (cardinality(groups) > 0),
    reason        text,
    credential_id text REFERENCES passkey,
    assertion     jsonb,
    voted_at      timestamptz NOT NULL,
    seal          text NOT NULL,
    FOREIGN KEY (withdrawal_id, round) REFERENCES approval_case
  );
  CREATE UNIQUE INDEX approval_vote_once_per_person ON approval_vote (withdrawal_id, round, decision, lower(person));`;

/** The trigger of the hold is deferred: hold and case are written by one transaction. */
const QUORUM = `
  CREATE FUNCTION approval_case_has_its_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      missing text;
    BEGIN
      IF OLD.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'the approval of withdrawal % has ended', OLD.withdrawal_id USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_case_ends_once';
      END IF;
      IF NEW.outcome IS DISTINCT FROM 'granted' THEN
        RETURN NEW;
      END IF;
      SELECT q.value ->> 'group' INTO missing FROM jsonb_array_elements(NEW.quorums) AS q
       WHERE (SELECT count(*) FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round
                 AND v.decision = 'approve' AND q.value ->> 'group' = ANY (v.groups)) < (q.value ->> 'need')::integer
       LIMIT 1;
      IF FOUND
         OR (SELECT count(*) FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round AND v.decision = 'approve')
            < (SELECT sum((q.value ->> 'need')::integer) FROM jsonb_array_elements(NEW.quorums) AS q)
         OR EXISTS (SELECT FROM approval_vote v WHERE v.withdrawal_id = NEW.withdrawal_id AND v.round = NEW.round AND v.decision = 'refuse')
         OR NEW.expires_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'withdrawal % has no quorum%', NEW.withdrawal_id, coalesce(' of ' || missing, '') USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_case_has_its_quorum';
      END IF;
      RETURN NEW;
    END $$;
  CREATE TRIGGER approval_case_has_its_quorum BEFORE UPDATE ON approval_case
    FOR EACH ROW EXECUTE FUNCTION approval_case_has_its_quorum();
  CREATE FUNCTION grant_has_its_case() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT FROM approval_case WHERE withdrawal_id = NEW.withdrawal_id AND outcome = 'granted') THEN
        RAISE EXCEPTION 'people have not approved withdrawal %', NEW.withdrawal_id USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_has_its_case';
      END IF;
      RETURN NULL;
    END $$;
  CREATE CONSTRAINT TRIGGER grant_has_its_case AFTER UPDATE ON hold DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.approval_grant IS NOT NULL AND OLD.approval_grant IS NULL) EXECUTE FUNCTION grant_has_its_case();`;

const UNDO = `
  DROP TRIGGER grant_has_its_case ON hold;
  DROP FUNCTION grant_has_its_case();
  DROP TABLE approval_vote, approval_case, passkey_revocation, passkey;
  DROP FUNCTION approval_case_has_its_quorum();`;
