import { randomUUID } from 'node:crypto';
import type { AuditEntryDto, AuditHeadDto, Caller } from '@sluice/http-api';
import { auditReports, encode, type WireMessage } from '@sluice/messages';

/** Caller of an audited call. If the credential proved no identity, name and roles are empty. */
export type AuditedCaller =
  | Pick<Caller, 'kind' | 'name' | 'roles'>
  | { readonly kind: 'nobody'; readonly name: ''; readonly roles: readonly [] };

export interface AuditedCall {
  /** Request id, also sent in the response. All entries of a call share the id. */
  readonly callId: string;
  readonly caller: AuditedCaller;
  readonly remote: string;
  readonly method: string;
  /** The template of the path; empty where no route was found. */
  readonly route: string;
  /** Request path without the query. */
  readonly target: string;
  /** SHA-256 of the body's bytes. */
  readonly bodyDigest: Buffer;
  readonly summary: string;
  /** Response status; null in the entry written before a change. */
  readonly status: number | null;
  /** The sentence of a refusal. */
  readonly refusal: string | null;
}

/** End of the chain. Heads must be kept elsewhere to detect a truncated chain. */
export type AuditHead = Readonly<AuditHeadDto>;

/** An audit entry as stored in the table. */
export type AuditRow = Readonly<Omit<AuditEntryDto, 'hash'>> & { readonly service: string };

export const BEFORE_THE_FIRST: AuditHead = { sequence: '0', hash: '0'.repeat(64) };

/** Fields of a row in the fixed order of the hash and of the insert. */
const FIELDS = [
  'sequence',
  'call_id',
  'at',
  'service',
  'caller_kind',
  'caller_name',
  'caller_roles',
  'remote',
  'method',
  'route',
  'target',
  'body_digest',
  'summary',
  'status',
  'refusal',
  'key_id',
] as const;

export function valuesOf(row: AuditRow): readonly unknown[] {
  return FIELDS.map((field) => row[field]);
}

/** Content covered by an entry's hash: all fields and the previous hash. */
export function contentOf(row: AuditRow, previousHash: string): string {
  return JSON.stringify(['sluice audit entry 1', previousHash, ...valuesOf(row)]);
}

/** SQL for the timestamp in the only format hashed and stored. */
export const AT_SQL = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export const ROW_COLUMNS_SQL = `sequence::text, call_id, ${AT_SQL} AS at, service, caller_kind, caller_name, caller_roles, remote, method,
  route, target, encode(body_digest, 'hex') AS body_digest, summary, status, refusal, key_id`;

export function entryMessage(row: AuditRow, hash: string, before: AuditHead): WireMessage {
  const { service } = row;
  return encode(auditReports(service), {
    id: randomUUID(),
    source: service,
    subject: service,
    time: new Date(row.at).toISOString(),
    type: 'audit.entry-recorded.v1',
    data: {
      service,
      number: row.sequence,
      hash,
      previousHash: before.hash,
      callId: row.call_id,
      callerKind: row.caller_kind,
      callerName: row.caller_name.slice(0, LONGEST_TEXT),
      method: row.method,
      route: row.route.slice(0, LONGEST_TEXT),
      target: row.target.slice(0, LONGEST_TEXT),
      status: row.status,
    },
  });
}

const LONGEST_TEXT = 500;
