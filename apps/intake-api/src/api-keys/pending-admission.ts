import type { Tx } from '@sluice/postgres';

/** Request with a valid signature, not yet checked for replay and against the key's limit. */
export interface SignedAttempt {
  readonly signature: string;
  readonly timestamp: number;
  readonly keyId: string;
  readonly rateLimit: number;
  /** False for a forbidden address, or a request counted before: only the signature is used up. */
  readonly counts: boolean;
}

export type Admission = 'admitted' | 'signature_used' | 'rate_limited' | 'outside_window';

/** The window of the contract and half a minute: a request that passed an earlier check by an older reading of the clock, or was delayed since, is still admitted. */
export const ADMIT_SECONDS = 300 + 30;

/** A request whose signature an earlier request has used, or that came too late. */
export class NotAdmittedError extends Error {
  override readonly name = 'NotAdmittedError';

  constructor(readonly admission: Exclude<Admission, 'admitted'>) {
    super(`the request is not admitted: ${admission}`);
  }
}

/** The request was answered before the replay store answered: the transaction rolls back. */
class AbandonedError extends Error {
  override readonly name = 'AbandonedError';
}

/**
 * Request that every check except replay permits, with a number of its key's limit. The
 * transaction of its order stores the signature; a request without an order stores it by itself.
 */
export class PendingAdmission {
  private isAnswered = false;
  private isAbandoned = false;
  private stored = false;
  private maybe = false;

  constructor(
    readonly attempt: SignedAttempt,
    private readonly giveNumberBack: () => void,
  ) {}

  /** True after the commit of the signature. */
  get isStored(): boolean {
    return this.stored;
  }

  /** True as soon as a transaction with the signature may have sent COMMIT. */
  get mayBeStored(): boolean {
    return this.maybe;
  }

  /** Gives the request up, unless the replay store has answered: then false. */
  abandon(): boolean {
    this.isAbandoned = !this.isAnswered;
    return this.isAbandoned;
  }

  /** States that the replay store has answered. */
  answered(): void {
    if (this.isAbandoned) throw new AbandonedError('the request waited too long');
    this.isAnswered = true;
  }

  committing(): void {
    this.maybe = true;
  }

  /** Ends the admission with the answer of the replay store. A replay does not count. */
  settle(admission: Admission): void {
    this.stored = true;
    this.maybe = true;
    if (admission !== 'admitted') this.giveNumberBack();
  }
}

/**
 * First part of a statement that stores new signatures within the window. $1, $2: times and
 * signatures. $3: seconds of the window. $4: hash of the secret that releases the signatures.
 */
export const STORE_NEW = `
  WITH moment AS MATERIALIZED (SELECT extract(epoch FROM clock_timestamp()) AS now, floor(extract(epoch FROM clock_timestamp()) / 60)::int AS minute),
       attempt AS (SELECT (stamp / 60)::int AS minute, signature, abs(stamp - now) > $3 AS late
                   FROM moment, unnest($1::bigint[], $2::text[]) AS k (stamp, signature)),
       fresh AS (INSERT INTO used_signature (minute, signature, released_by) SELECT minute, decode(signature, 'hex'), $4::bytea FROM attempt WHERE NOT late ORDER BY 1, 2
                 ON CONFLICT DO NOTHING RETURNING encode(signature, 'hex') AS signature)`;

/** Result columns of `STORE_NEW`. */
export const STORED_NEW =
  '(SELECT array_agg(signature) FROM fresh) AS fresh, (SELECT array_agg(signature) FROM attempt WHERE late) AS late';

export interface StoredNew {
  readonly fresh: string[] | null;
  readonly late: string[] | null;
}

/** Judges attempts in order of arrival: the first with a new signature is admitted. */
export function judgeReplays(
  attempts: readonly SignedAttempt[],
  stored: StoredNew,
): Exclude<Admission, 'rate_limited'>[] {
  const [fresh, late] = [new Set(stored.fresh), new Set(stored.late)];
  return attempts.map(({ signature }) => {
    if (late.has(signature)) return 'outside_window';
    return fresh.delete(signature) ? 'admitted' : 'signature_used';
  });
}

// NULL: the signature shares the fate of its order and is never released.
const ADMIT_WITH_ORDERS = `${STORE_NEW} SELECT ${STORED_NEW}`;

/** Stores the signatures in the transaction of their orders, which must be durable together. */
export async function admitWithOrders(
  tx: Pick<Tx, 'query'>,
  pending: readonly PendingAdmission[],
): Promise<ReadonlyMap<PendingAdmission, Exclude<Admission, 'rate_limited'>>> {
  if (pending.length === 0) return new Map();
  const attempts = pending.map(({ attempt }) => attempt);
  const [stored] = await tx.query<StoredNew>(ADMIT_WITH_ORDERS, [
    attempts.map(({ timestamp }) => timestamp),
    attempts.map(({ signature }) => signature),
    ADMIT_SECONDS,
    null,
  ]);
  if (!stored) throw new Error('the admission has no answer');
  for (const one of pending) one.answered();
  const answers = judgeReplays(attempts, stored);
  return new Map(pending.map((one, index) => [one, answers[index] ?? 'signature_used']));
}
