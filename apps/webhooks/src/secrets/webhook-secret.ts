import { hash, randomBytes } from 'node:crypto';
import { ApiError } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import { WEBHOOK_SECRET_PREFIX } from '@sluice/signing';

const SECRET_BYTES = 32;

export function newWebhookSecret(): string {
  return `${WEBHOOK_SECRET_PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * Fields bound to the sealed secret, which opens only with them: no write access redirects events.
 */
interface SealedMeaning {
  readonly id: string;
  readonly accountId: string;
  readonly url: string;
}

/** Returns the fields in a fixed order. The order must never change. */
export function meaningOf({ id, accountId, url }: SealedMeaning): string {
  return JSON.stringify(['webhook, version 1', id, accountId, url]);
}

/** Bound text of the previous secret, with its end: it replaces no other secret. */
export function previousMeaningOf({ id, accountId, url }: SealedMeaning, until: Date): string {
  return JSON.stringify([
    'webhook, version 1, previous secret',
    id,
    accountId,
    url,
    until.toISOString(),
  ]);
}

export interface SecretRequest {
  readonly accountId: string;
  /** Null: the request is never a repeat. */
  readonly idempotencyKey: string | null;
  /** Every parameter: the same key with other parameters is refused. */
  readonly asked: readonly unknown[];
}

interface Repeated {
  readonly webhookId: string;
  readonly madeAt: Date;
}

/** Time in ms during which a repeat returns the current secret; afterwards the customer rotates. */
const REPEATABLE_FOR_MS = 86_400_000;
const USED = 'Idempotency-Key was already used';

/**
 * Earlier request with the same key, or null. Serializes the account's requests. Throws 409 for
 * another request's key, after a day, or for a replaced secret.
 */
export async function earlierRequest(
  tx: Tx,
  { accountId, idempotencyKey, asked }: SecretRequest,
): Promise<Repeated | null> {
  void tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`webhooks ${accountId}`]);
  if (idempotencyKey === null) return null;
  const [row] = await tx.query<RequestRow>(FIND, [accountId, idempotencyKey]);
  if (!row) return null;
  if (row.asked !== fingerprint(asked)) throw ApiError.conflict(`${USED} with other parameters`);
  const ageMs = (await tx.now()).getTime() - row.made_at.getTime();
  if (ageMs > REPEATABLE_FOR_MS || !row.is_present)
    throw ApiError.conflict(`${USED}: its secret is answered for a day, and while it is in use`);
  return { webhookId: row.webhook_id, madeAt: row.made_at };
}

/** Stores the idempotency key to recognize a repeat. */
export async function rememberRequest(
  tx: Tx,
  { accountId, idempotencyKey, asked }: SecretRequest,
  { webhookId, madeAt }: Repeated,
): Promise<void> {
  if (idempotencyKey === null) return;
  await tx.query(
    'INSERT INTO webhook_request (account_id, idempotency_key, webhook_id, asked, made_at) VALUES ($1, $2, $3, $4, $5)',
    [accountId, idempotencyKey, webhookId, fingerprint(asked), madeAt.toISOString()],
  );
}

interface RequestRow {
  readonly webhook_id: string;
  readonly asked: string;
  readonly made_at: Date;
  readonly is_present: boolean;
}

function fingerprint(asked: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(asked));
}

const FIND = `
  SELECT r.webhook_id, r.asked, r.made_at, w.state <> 'deleted' AND coalesce(w.secret_since, w.created_at) = r.made_at AS is_present
    FROM webhook_request r JOIN webhook w ON w.id = r.webhook_id WHERE r.account_id = $1 AND r.idempotency_key = $2`;
