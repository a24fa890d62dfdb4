import type { MigrationClass } from '@sluice/postgres';
import { QueueOrder1764510000000 } from '../queue/queue-order.migration.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HandOver1764700000000 } from './hand-over-migration.js';
import { Halt1763680000000 } from './halt-migration.js';
import { SubmissionRetention1764600001000 } from './retention-migration.js';
import { Record1764500000000 } from './record-migration.js';
import { Refusing1763685000000 } from './refusing-migration.js';
import { Unconfirmed1764710000000 } from './unconfirmed-migration.js';
import { VenueTime1764410000000 } from './venue-time-migration.js';

/** Submissions, their attempts, and what the workers of several instances share. The same in every connector's database. */
class Connector1763610000000 implements MigrationInterface {
  readonly name = 'Connector1763610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SUBMISSION);
    await runner.query(ATTEMPT);
    await runner.query(INDEXES);
    await runner.query(SHARED);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE decision, submission_case, worker_lease, rate_slot, attempt, submission',
    );
    await runner.query('DROP SEQUENCE lease_token');
  }
}

// equality_key: set for forms without a searchable key; the venue's records cannot distinguish payments of the same text.
// given_up_at: when the last byte of the present attempt can have left. unknown_published: venue.submission-unknown was published once.
const SUBMISSION = `
  CREATE TABLE submission (
    withdrawal_id       uuid PRIMARY KEY,
    seq                 bigint GENERATED ALWAYS AS IDENTITY,
    account_id          uuid NOT NULL,
    form                text NOT NULL,
    asset               text NOT NULL,
    amount              numeric NOT NULL CHECK (amount > 0),
    destination         jsonb NOT NULL,
    equality_key            text,
    client_reference    text NOT NULL UNIQUE,
    state               text NOT NULL CHECK (state IN ('prepared','sending','accepted','unknown','undecided','disputed','refused','settled','failed')),
    attempt             integer NOT NULL DEFAULT 1 CHECK (attempt > 0),
    resends             integer NOT NULL DEFAULT 0,
    gross               numeric,
    venue_reference     text,
    tx_hash             text,
    venue_fee           numeric,
    reason              text,
    not_after           timestamptz,
    cancel_state        text CHECK (cancel_state IN ('wished','asked','refused')),
    cancel_reason       text,
    lease_owner         text,
    lease_token         bigint,
    lease_until         timestamptz,
    next_action_at      timestamptz,
    submitted_at        timestamptz,
    given_up_at         timestamptz,
    empty_lookups       integer NOT NULL DEFAULT 0,
    unknown_published        boolean NOT NULL DEFAULT false,
    traceparent         text,
    correlation_id      text,
    causation_id        text,
    created_at          timestamptz NOT NULL DEFAULT now(),
    accepted_at         timestamptz,
    finished_at         timestamptz,
    CHECK ((state = 'sending') = (lease_token IS NOT NULL)),
    CHECK (state NOT IN ('accepted','disputed','settled','failed') OR venue_reference IS NOT NULL)
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`;

const ATTEMPT = `
  CREATE TABLE attempt (
    withdrawal_id    uuid NOT NULL REFERENCES submission,
    number           integer NOT NULL CHECK (number > 0),
    state            text NOT NULL CHECK (state IN ('sending','accepted','unknown','undecided','not_sent','absent','refused','failed')),
    client_reference text NOT NULL,
    request          text NOT NULL,
    gross            numeric NOT NULL,
    evidence         jsonb NOT NULL,
    lease_token      bigint NOT NULL,
    intended_at      timestamptz NOT NULL DEFAULT now(),
    answered_at      timestamptz,
    response_status  integer,
    response_body    text CHECK (length(response_body) <= 2048),
    cause            text,
    PRIMARY KEY (withdrawal_id, number)
  ) WITH (fillfactor = 70)`;

const INDEXES = `
  CREATE UNIQUE INDEX submission_venue_reference ON submission (form, venue_reference) WHERE venue_reference IS NOT NULL;
  CREATE UNIQUE INDEX submission_one_undecided_equal ON submission (form, equality_key) WHERE equality_key IS NOT NULL AND state IN ('sending','unknown','undecided');
  CREATE INDEX submission_queue ON submission (form, seq) WHERE state = 'prepared';
  CREATE INDEX submission_leased ON submission (lease_until) WHERE state = 'sending';
  CREATE INDEX submission_unknown ON submission (next_action_at) WHERE state IN ('unknown','undecided');
  CREATE INDEX submission_open ON submission (next_action_at) WHERE state = 'accepted';
  CREATE INDEX submission_cancel ON submission (withdrawal_id) WHERE cancel_state = 'wished';
  CREATE INDEX submission_deadline ON submission (not_after) WHERE state = 'prepared' AND not_after IS NOT NULL;
  CREATE UNIQUE INDEX attempt_one_live ON attempt (withdrawal_id) WHERE state NOT IN ('not_sent','absent','refused')`;

const SHARED = `
  CREATE SEQUENCE lease_token;
  CREATE TABLE rate_slot (
    endpoint     text PRIMARY KEY,
    interval_us  bigint NOT NULL CHECK (interval_us > 0),
    next_free_at timestamptz NOT NULL DEFAULT now(),
    slowdown     integer NOT NULL DEFAULT 1,
    slow_until   timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE worker_lease (
    name  text PRIMARY KEY,
    owner text NOT NULL,
    until timestamptz NOT NULL
  );
  CREATE TABLE submission_case (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    withdrawal_id uuid NOT NULL REFERENCES submission,
    kind          text NOT NULL,
    text          text NOT NULL,
    opened_at     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (withdrawal_id, kind)
  );
  CREATE TABLE decision (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    withdrawal_id   uuid NOT NULL REFERENCES submission,
    attempt         integer NOT NULL,
    from_state      text NOT NULL,
    decision        text NOT NULL CHECK (decision IN ('paid','absent')),
    evidence        text NOT NULL CHECK (length(evidence) > 0),
    venue_reference text,
    decided_at      timestamptz NOT NULL DEFAULT now()
  )`;

/** An unknown attempt may be repeated with the same request; the repeat is leased like a first send. */
class Repeating1763635000000 implements MigrationInterface {
  readonly name = 'Repeating1763635000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(REPEATING);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(NOT_REPEATING);
  }
}

const REPEATING = `
  ALTER TABLE submission
    DROP CONSTRAINT submission_state_check,
    DROP CONSTRAINT submission_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','accepted','unknown','repeating','undecided','disputed','refused','settled','failed')),
    ADD CONSTRAINT submission_check CHECK ((state IN ('sending','repeating')) = (lease_token IS NOT NULL));
  DROP INDEX submission_leased;
  CREATE INDEX submission_leased ON submission (lease_until) WHERE state IN ('sending','repeating')`;

const NOT_REPEATING = `
  UPDATE submission SET state = 'unknown', lease_owner = NULL, lease_token = NULL, lease_until = NULL, given_up_at = clock_timestamp() WHERE state = 'repeating';
  ALTER TABLE submission
    DROP CONSTRAINT submission_state_check,
    DROP CONSTRAINT submission_check,
    ADD CONSTRAINT submission_state_check CHECK (state IN
      ('prepared','sending','accepted','unknown','undecided','disputed','refused','settled','failed')),
    ADD CONSTRAINT submission_check CHECK ((state = 'sending') = (lease_token IS NOT NULL));
  DROP INDEX submission_leased;
  CREATE INDEX submission_leased ON submission (lease_until) WHERE state = 'sending'`;

/** The digest of the order and when it was ordered first; absent for submissions that are older than these columns. */
class OrderMarks1764400000000 implements MigrationInterface {
  readonly name = 'OrderMarks1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE submission ADD COLUMN digest text, ADD COLUMN ordered_at timestamptz',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE submission DROP COLUMN digest, DROP COLUMN ordered_at');
  }
}

/** Until when was reported what was sent. Attempts are stored in the order of their times, so a BRIN index finds those of a minute cheaply. */
class SentReport1764610000000 implements MigrationInterface {
  readonly name = 'SentReport1764610000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sent_report (one boolean PRIMARY KEY DEFAULT true CHECK (one), reported_to timestamptz NOT NULL DEFAULT clock_timestamp());
      INSERT INTO sent_report DEFAULT VALUES;
      CREATE INDEX attempt_by_time ON attempt USING brin (intended_at) WITH (pages_per_range = 16, autosummarize = on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX attempt_by_time; DROP TABLE sent_report');
  }
}

export const CONNECTOR_MIGRATIONS: readonly MigrationClass[] = [
  Connector1763610000000,
  Repeating1763635000000,
  Halt1763680000000,
  OrderMarks1764400000000,
  Refusing1763685000000,
  VenueTime1764410000000,
  QueueOrder1764510000000,
  SentReport1764610000000,
  SubmissionRetention1764600001000,
  Record1764500000000,
  HandOver1764700000000,
  Unconfirmed1764710000000,
];
