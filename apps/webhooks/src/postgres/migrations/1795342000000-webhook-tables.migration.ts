import { CONSUMER_TABLES } from '@sluice/consumer-kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const WEBHOOK = `
  CREATE TABLE webhook (
    id             uuid PRIMARY KEY,
    account_id     uuid NOT NULL,
    url            text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
    events         text[] NOT NULL CHECK (cardinality(events) > 0),
    description    text,
    state          text NOT NULL CHECK (state IN ('enabled', 'paused', 'deleted')),
    sealed         jsonb,
    created_at     timestamptz NOT NULL,
    paused_at      timestamptz,
    paused_because text CHECK (paused_because IN ('wish', 'failures')),
    failing_since  timestamptz,
    failed_at      timestamptz,
    deleted_at     timestamptz,
    CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
    CHECK ((paused_at IS NULL) = (paused_because IS NULL)),
    CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
    CHECK ((state = 'deleted') = (sealed IS NULL)),
    CHECK ((failing_since IS NULL) = (failed_at IS NULL))
  )`;

// next_attempt_at: when somebody may send it; while it is being sent, until when nobody else may. attempt_id: by whom, the fencing token.
const DELIVERY = `
  CREATE TABLE delivery (
    id              bigint PRIMARY KEY,
    webhook_id      uuid NOT NULL REFERENCES webhook,
    event           text NOT NULL,
    body            text NOT NULL,
    status          text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempt_count   integer NOT NULL DEFAULT 0 CHECK (attempt_count BETWEEN 0 AND 7),
    next_attempt_at timestamptz,
    attempt_id      bigint,
    begun_at        timestamptz,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    CHECK ((status = 'pending') = (next_attempt_at IS NOT NULL)),
    CHECK ((status = 'pending') = (ended_at IS NULL)),
    CHECK ((attempt_id IS NULL) = (begun_at IS NULL)),
    CHECK (attempt_id IS NULL OR status = 'pending')
  )`;

const ATTEMPT = `
  CREATE TABLE delivery_attempt (
    id          bigint PRIMARY KEY,
    delivery_id bigint NOT NULL REFERENCES delivery,
    started_at  timestamptz NOT NULL,
    duration_ms integer,
    status      integer,
    error       text,
    answer      text CHECK (octet_length(answer) <= 16384),
    CHECK ((status IS NULL) <> (error IS NULL))
  )`;

const INDEXES = [
  'CREATE INDEX webhook_of_account ON webhook (account_id)',
  'CREATE INDEX delivery_of_webhook ON delivery (webhook_id, id)',
  `CREATE INDEX delivery_waiting ON delivery (webhook_id, next_attempt_at) WHERE status = 'pending'`,
  `CREATE INDEX delivery_failed ON delivery (webhook_id, id) WHERE status = 'failed'`,
  'CREATE INDEX delivery_attempt_of_delivery ON delivery_attempt (delivery_id, id)',
];

/** Where accounts want to be told, what is on its way to them, and what came of each attempt. */
export class WebhookTables1795342000000 implements MigrationInterface {
  readonly name = 'WebhookTables1795342000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      'CREATE SEQUENCE delivery_number',
      'CREATE SEQUENCE attempt_number',
      WEBHOOK,
      DELIVERY,
      ATTEMPT,
      ...INDEXES,
      ...CONSUMER_TABLES,
    ])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP TABLE consumer_position, consumer_inbox, delivery_attempt, delivery, webhook',
    );
    await runner.query('DROP SEQUENCE delivery_number, attempt_number');
  }
}
