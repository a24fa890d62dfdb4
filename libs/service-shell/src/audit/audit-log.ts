import { Batcher } from '@sluice/runtime';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import { Gauge, register } from 'prom-client';
import type { Logger } from 'pino';
import {
  AT_SQL,
  type AuditedCall,
  type AuditHead,
  type AuditRow,
  BEFORE_THE_FIRST,
  contentOf,
  entryMessage,
  valuesOf,
} from './audit-entry.js';
import type { AuditKeys } from '../settings/audit-keys.js';

/** Advisory lock for appending to the chain; the instances of a service queue for the lock. */
const CHAIN_LOCK = 7_315_030;
/** Entries between two heads in the service log, which is kept elsewhere. */
const HEAD_EVERY = 100n;

const LAST = `
  SELECT coalesce(last.sequence, 0)::text AS sequence, coalesce(encode(last.hash, 'hex'), $1) AS hash, ${AT_SQL} AS at
    FROM (SELECT clock_timestamp() AS at) now
    LEFT JOIN (SELECT sequence, hash FROM audit_entry ORDER BY sequence DESC LIMIT 1) last ON true`;

const INSERT = `
  INSERT INTO audit_entry (sequence, call_id, at, service, caller_kind, caller_name, caller_roles, remote, method, route, target,
                           body_digest, summary, status, refusal, key_id, hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, decode($12, 'hex'), $13, $14, $15, $16, decode($17, 'hex'))`;

interface AuditLogOptions {
  readonly service: string;
  readonly unitOfWork: UnitOfWork;
  readonly keys: AuditKeys;
  readonly logger: Logger;
  /** True if each entry is sent to the auditor. */
  readonly isReported?: boolean;
}

/**
 * Callers, calls and responses, in one hash chain for all instances; concurrent entries share a
 * batch.
 */
export class AuditLog {
  private readonly batcher = new Batcher<AuditedCall, void>((calls) => this.append(calls), {
    limit: 100,
  });
  private readonly heads = headGauge();

  constructor(private readonly options: AuditLogOptions) {}

  /** Resolves when the entry is committed. */
  record(call: AuditedCall): Promise<void> {
    return this.batcher.add(call);
  }

  private async append(calls: readonly AuditedCall[]): Promise<void> {
    const { before, head } = await this.options.unitOfWork.run((tx) => this.write(tx, calls));
    this.heads.set(Number(head.sequence));
    if (BigInt(head.sequence) / HEAD_EVERY > BigInt(before) / HEAD_EVERY)
      this.options.logger.info(
        { auditHead: `${head.sequence}:${head.hash}` },
        'the audit log has a new head',
      );
  }

  private async write(
    tx: Tx,
    calls: readonly AuditedCall[],
  ): Promise<{ readonly before: string; readonly head: AuditHead }> {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
    const [last] = await tx.query<AuditHead & { readonly at: string }>(LAST, [
      BEFORE_THE_FIRST.hash,
    ]);
    if (!last) throw new Error('the audit log did not answer where it ends');
    let head: AuditHead = last;
    for (const call of calls) head = this.link(tx, rowOf(call, last.at, head, this.options), head);
    return { before: last.sequence, head };
  }

  /** Sends the insert without waiting; the insert is awaited before COMMIT. */
  private link(tx: Tx, row: AuditRow, before: AuditHead): AuditHead {
    const hash = this.options.keys.seal(row.key_id, contentOf(row, before.hash))?.toString('hex');
    if (hash === undefined) throw new Error('the key that seals the audit log is not there');
    void tx.query(INSERT, [...valuesOf(row), hash]);
    if (this.options.isReported) tx.publish(entryMessage(row, hash, before));
    return { sequence: row.sequence, hash };
  }
}

function rowOf(
  call: AuditedCall,
  at: string,
  before: AuditHead,
  { service, keys }: AuditLogOptions,
): AuditRow {
  return {
    sequence: String(BigInt(before.sequence) + 1n),
    call_id: call.callId,
    at,
    service,
    caller_kind: call.caller.kind,
    caller_name: storable(call.caller.name),
    caller_roles: [...call.caller.roles],
    remote: call.remote,
    method: call.method,
    route: call.route,
    target: storable(call.target),
    body_digest: call.bodyDigest.toString('hex'),
    summary: storable(call.summary),
    status: call.status,
    refusal: call.refusal === null ? null : storable(call.refusal),
    key_id: keys.current,
  };
}

/** Returns text accepted by PostgreSQL and encodable in UTF-8. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\ufffd');
}

function headGauge(): Gauge {
  const name = 'sluice_audit_entries';
  const known = register.getSingleMetric(name);
  if (known instanceof Gauge) return known;
  return new Gauge({
    name,
    help: 'The number of the newest entry of the audit log that this process has written',
  });
}
