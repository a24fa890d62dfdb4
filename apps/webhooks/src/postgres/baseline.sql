CREATE SEQUENCE event_position;

CREATE SEQUENCE attempt_number;

-- revision: grows with each change of URL or secret, so that every process learns of it. secret_since: NULL if the secret is as old as the webhook.
-- formerly: events that were subscribed before.
CREATE TABLE webhook (
  id              uuid PRIMARY KEY,
  account_id      uuid NOT NULL,
  url             text NOT NULL CHECK (length(url) BETWEEN 1 AND 2048),
  events          text[] NOT NULL CHECK (cardinality(events) > 0),
  description     text,
  state           text NOT NULL CHECK (state IN ('enabled', 'paused', 'deleted')),
  sealed          jsonb,
  created_at      timestamptz NOT NULL,
  paused_at       timestamptz,
  paused_because  text CHECK (paused_because IN ('wish', 'failures')),
  failing_since   timestamptz,
  failed_at       timestamptz,
  deleted_at      timestamptz,
  revision        integer NOT NULL DEFAULT 0,
  secret_since    timestamptz,
  previous_sealed jsonb,
  previous_until  timestamptz,
  formerly        text[] NOT NULL DEFAULT '{}'::text[],
  CHECK ((state = 'paused') = (paused_at IS NOT NULL)),
  CHECK ((paused_at IS NULL) = (paused_because IS NULL)),
  CHECK ((state = 'deleted') = (deleted_at IS NOT NULL)),
  CHECK ((state = 'deleted') = (sealed IS NULL)),
  CHECK ((failing_since IS NULL) = (failed_at IS NULL)),
  CHECK ((previous_sealed IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhook_of_account ON webhook (account_id);

-- A row for each event and notified webhook; without a notified webhook, one row with webhook_id NULL.
-- id: derived from step and webhook, so that a repeated step has the same number. step_id: message id of the step; NULL for an event without a step.
-- position: place in the account's log, by the time of storing. in_log: one row of each event, shown in the account's log.
-- client_reference: in the first row of each withdrawal.
-- seal: proof that this service made the content; a row with another seal is not sent.
-- next_attempt_at: time of the next attempt, or the end of the lease during an attempt. attempt_id: fencing token of the sending process.
-- answered_*: the first successful attempt, which has no row in delivery_attempt.
CREATE TABLE delivery (
  id                   bigint PRIMARY KEY,
  position             bigint NOT NULL,
  account_id           uuid NOT NULL,
  webhook_id           uuid REFERENCES webhook,
  event                text NOT NULL,
  step_id              text,
  withdrawal           bigint,
  client_reference     text,
  in_log               boolean NOT NULL,
  body                 text NOT NULL,
  seal                 text NOT NULL,
  status               text CHECK (status IN ('pending', 'delivered', 'failed')),
  attempt_count        integer NOT NULL DEFAULT 0 CHECK (attempt_count BETWEEN 0 AND 7),
  next_attempt_at      timestamptz,
  attempt_id           bigint,
  begun_at             timestamptz,
  answered_attempt     bigint,
  answered_begun_at    timestamptz,
  answered_duration_ms integer,
  answered_status      integer,
  answered_body        text,
  created_at           timestamptz NOT NULL,
  ended_at             timestamptz,
  CHECK ((webhook_id IS NULL) = (status IS NULL)),
  CHECK ((status IS NOT DISTINCT FROM 'pending') = (next_attempt_at IS NOT NULL)),
  CHECK ((coalesce(status, 'pending') = 'pending') = (ended_at IS NULL)),
  CHECK ((attempt_id IS NULL) = (begun_at IS NULL)),
  CHECK (attempt_id IS NULL OR status IS NOT DISTINCT FROM 'pending')
);
CREATE INDEX delivery_of_account ON delivery (account_id, event, position);
CREATE INDEX delivery_of_withdrawal ON delivery (withdrawal) WHERE withdrawal IS NOT NULL;
CREATE INDEX delivery_by_reference ON delivery (account_id, client_reference) WHERE client_reference IS NOT NULL;
CREATE INDEX delivery_waiting ON delivery (webhook_id, next_attempt_at) WHERE status = 'pending';
CREATE INDEX delivery_failed ON delivery (webhook_id, position) WHERE status = 'failed';

CREATE TABLE delivery_attempt (
  id          bigint PRIMARY KEY,
  delivery_id bigint NOT NULL REFERENCES delivery,
  started_at  timestamptz NOT NULL,
  duration_ms integer,
  status      integer,
  error       text,
  answer      text CHECK (octet_length(answer) <= 16384),
  CHECK ((status IS NULL) <> (error IS NULL))
);
CREATE INDEX delivery_attempt_of_delivery ON delivery_attempt (delivery_id, id);

-- Idempotency of requests that create a secret: a repeated request gets the same secret.
CREATE TABLE webhook_request (
  id              bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  account_id      uuid NOT NULL,
  idempotency_key text NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 128),
  webhook_id      uuid NOT NULL REFERENCES webhook,
  asked           text NOT NULL,
  made_at         timestamptz NOT NULL,
  PRIMARY KEY (account_id, idempotency_key)
);

-- Tests and redeliveries requested by an account within a minute.
CREATE TABLE account_sends (
  account_id uuid PRIMARY KEY,
  minute     timestamptz NOT NULL,
  sends      integer NOT NULL
);
