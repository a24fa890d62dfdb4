import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Differences between what the venue has done and what was asked of it, each with its halt; and the venue's balances. */
export class Break1764810000000 implements MigrationInterface {
  readonly name = 'Break1764810000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(BREAK);
    await runner.query(BALANCE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX submission_finished; DROP TABLE venue_deposit, venue_balance, break',
    );
  }
}

// No break without a halt. Nothing but the closing columns is ever changed.
const BREAK = `
  CREATE TABLE break (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind           text NOT NULL CHECK (kind IN ('orphan','other_amount','other_recipient','paid_twice','paid_after_absent','contrary_after_end','missing','balance_apart','ceiling')),
    subject        text NOT NULL CHECK (length(subject) BETWEEN 1 AND 256),
    withdrawal_id  uuid,
    details        text NOT NULL CHECK (length(details) BETWEEN 1 AND 1000),
    halt_id        bigint NOT NULL REFERENCES halt,
    opened_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_at      timestamptz,
    closed_by      text CHECK (length(closed_by) BETWEEN 1 AND 128),
    close_evidence text CHECK (length(close_evidence) BETWEEN 1 AND 1000),
    UNIQUE (kind, subject),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (close_evidence IS NULL))
  );
  CREATE INDEX break_open ON break (kind) WHERE closed_at IS NULL;
  CREATE INDEX break_halt ON break (halt_id)`;

// expected: what the venue's balance would be if all that had settled by counted_to had left it, and nothing else. exact_at: when expected was last read
// and not computed. Submissions that ended in the order of their creation are found by a BRIN index cheaply, and it keeps no update out of its page.
const BALANCE = `
  CREATE TABLE venue_balance (
    currency   text PRIMARY KEY,
    total      numeric NOT NULL,
    expected   numeric NOT NULL,
    counted_to timestamptz NOT NULL,
    exact_at   timestamptz NOT NULL,
    read_at    timestamptz NOT NULL
  );
  CREATE TABLE venue_deposit (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency text NOT NULL,
    amount   numeric NOT NULL CHECK (amount > 0),
    seen_at  timestamptz NOT NULL DEFAULT clock_timestamp()
  );
  CREATE INDEX submission_finished ON submission USING brin (finished_at) WITH (pages_per_range = 16, autosummarize = on)`;
