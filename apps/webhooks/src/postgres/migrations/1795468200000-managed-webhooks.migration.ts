import type { MigrationInterface, QueryRunner } from 'typeorm';

// revision: grows with each change of url or secret, so that every process learns of it with the next delivery that it claims.
// secret_since: when the present secret was made; NULL: with the webhook. formerly: events that it subscribed once and no longer does.
const WEBHOOK = `
  ALTER TABLE webhook
    ADD COLUMN revision        integer NOT NULL DEFAULT 0,
    ADD COLUMN secret_since    timestamptz,
    ADD COLUMN previous_sealed jsonb,
    ADD COLUMN previous_until  timestamptz,
    ADD COLUMN formerly        text[] NOT NULL DEFAULT '{}',
    ADD CHECK ((previous_sealed IS NULL) = (previous_until IS NULL))`;

// What made a secret, so that a repeated request is answered with it again instead of making another one.
const REQUEST = `
  CREATE TABLE webhook_request (
    id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    account_id      uuid NOT NULL,
    idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 128),
    webhook_id      uuid NOT NULL REFERENCES webhook,
    asked           text NOT NULL,
    made_at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
  )`;

// What happened to an account, whether a webhook was told of it or not.
const EVENT = `
  CREATE TABLE account_event (
    id               bigint PRIMARY KEY,
    account_id       uuid NOT NULL,
    event            text NOT NULL,
    withdrawal       bigint,
    client_reference text,
    body             text NOT NULL,
    created_at       timestamptz NOT NULL
  )`;

// Tests and redeliveries that an account has asked for itself, within one minute.
const SENDS = `
  CREATE TABLE account_sends (
    account_id uuid PRIMARY KEY,
    minute     timestamptz NOT NULL,
    sends      integer NOT NULL
  )`;

const INDEXES = [
  'CREATE INDEX account_event_of_account ON account_event (account_id, id)',
  'CREATE INDEX account_event_of_withdrawal ON account_event (withdrawal) WHERE withdrawal IS NOT NULL',
  'CREATE INDEX account_event_by_reference ON account_event (account_id, client_reference) WHERE client_reference IS NOT NULL',
];

/** What accounts need to manage their webhooks themselves: changes, a second secret while one replaces the other, and the events of the past. */
export class ManagedWebhooks1795468200000 implements MigrationInterface {
  readonly name = 'ManagedWebhooks1795468200000';
  readonly locks = 'webhook has at most some thousand rows';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [WEBHOOK, REQUEST, EVENT, SENDS, ...INDEXES])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE account_sends, account_event, webhook_request');
    await runner.query(
      'ALTER TABLE webhook DROP COLUMN revision, DROP COLUMN secret_since, DROP COLUMN previous_sealed, DROP COLUMN previous_until, DROP COLUMN formerly',
    );
  }
}
