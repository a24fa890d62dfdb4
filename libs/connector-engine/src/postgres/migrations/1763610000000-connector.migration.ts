import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Submissions, their attempts, and what the workers of several instances share. The same in every connector's database. */
export class Connector1763610000000 implements MigrationInterface {
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
