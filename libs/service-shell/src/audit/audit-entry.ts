import type { Caller } from '@sluice/admin-api';

/** Who made a call; nobody where the credential proved nothing. */
export type AuditedCaller =
  | Pick<Caller, 'kind' | 'name' | 'roles'>
  | { readonly kind: 'nobody'; readonly name: ''; readonly roles: readonly [] };

/** What happened, before it has a place in the chain. */
export interface AuditedCall {
  /** The id of the request, which its answer names. The entries of one call have it in common. */
  readonly callId: string;
  readonly caller: AuditedCaller;
  /** The address that the call came from. */
  readonly remote: string;
  readonly method: string;
  /** The template of the path; empty where no route was found. */
  readonly route: string;
  /** The path as it came, without the query. */
  readonly target: string;
  /** SHA-256 of the body's bytes. */
  readonly bodyDigest: Buffer;
  readonly summary: string;
  /** Null before the call changes anything. */
  readonly status: number | null;
  /** The sentence of a refusal. */
  readonly refusal: string | null;
}

/** Where the chain ends: what has to be kept elsewhere, so that a cut is seen. */
export interface AuditHead {
  readonly sequence: string;
  /** In hexadecimal. */
  readonly hash: string;
}

/** An entry as it is in the table. */
export interface AuditRow {
  readonly sequence: string;
  readonly call_id: string;
  readonly at: string;
  readonly service: string;
  readonly caller_kind: string;
  readonly caller_name: string;
  readonly caller_roles: readonly string[];
  readonly remote: string;
  readonly method: string;
  readonly route: string;
  readonly target: string;
  /** In hexadecimal. */
  readonly body_digest: string;
  readonly summary: string;
  readonly status: number | null;
  readonly refusal: string | null;
  readonly key_id: string;
}

export const BEFORE_THE_FIRST: AuditHead = { sequence: '0', hash: '0'.repeat(64) };

/** Everything that an entry says, with the hash of the one before it: what its own hash covers. */
export function contentOf(row: AuditRow, previousHash: string): string {
  return JSON.stringify([
    ...['sluice audit entry 1', previousHash, row.sequence, row.call_id, row.at, row.service],
    ...[row.caller_kind, row.caller_name, row.caller_roles, row.remote],
    ...[row.method, row.route, row.target, row.body_digest, row.summary],
    ...[row.status, row.refusal, row.key_id],
  ]);
}

/** The instant in the one form that is hashed and stored. */
export const AT_SQL = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const ROW_COLUMNS_SQL = `sequence::text, call_id, ${AT_SQL} AS at, service, caller_kind, caller_name, caller_roles, remote, method,
  route, target, encode(body_digest, 'hex') AS body_digest, summary, status, refusal, key_id`;
