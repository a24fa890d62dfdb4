import { createHmac, timingSafeEqual } from 'node:crypto';
import { Counter } from 'prom-client';
import { startAtZero } from '../metrics/start-at-zero.js';
import type { AuditKeys } from '../settings/audit-keys.js';

/** Label of the derived key: another purpose has another label and another key. */
const PURPOSE = 'sluice record seal 1';

/** A field of a sealed record; null differs from an empty text. */
export type SealedField = string | null;

/**
 * Seals of people's decisions: requests, approvals, lifts, closings, under a key from the audit
 * key, outside the database. The first seals, the others verify.
 */
export class RecordSeals {
  private readonly derived = new Map<string, Buffer | null>();

  constructor(
    private readonly service: string,
    private readonly keys: Pick<AuditKeys, 'current' | 'derive'>,
  ) {}

  /** Returns the seal as `KEY-ID:MAC`. `kind`: the table and the step, for example `halt lifted`. */
  seal(kind: string, fields: readonly SealedField[]): string {
    const id = this.keys.current;
    const mac = this.mac(id, kind, fields);
    if (mac === null) throw new Error('the key that seals records is missing');
    return `${id}:${mac.toString('base64url')}`;
  }

  isSealed(kind: string, fields: readonly SealedField[], seal: string | null): boolean {
    const [id = '', given = ''] = (seal ?? '').split(':', 2);
    const mac = this.mac(id, kind, fields);
    const claimed = Buffer.from(given, 'base64url');
    return mac !== null && claimed.length === mac.length && timingSafeEqual(claimed, mac);
  }

  /** True if the seal names a key that this process does not have: an old key may be missing in the file. */
  namesUnknownKey(seal: string | null): boolean {
    return seal !== null && this.keyOf(seal.split(':', 1)[0] ?? '') === null;
  }

  private mac(keyId: string, kind: string, fields: readonly SealedField[]): Buffer | null {
    const key = this.keyOf(keyId);
    if (key === null) return null;
    return createHmac('sha256', key)
      .update(sealedContent([this.service, kind, ...fields]))
      .digest();
  }

  private keyOf(keyId: string): Buffer | null {
    const known = this.derived.get(keyId);
    if (known !== undefined) return known;
    const key = this.keys.derive(keyId, PURPOSE);
    if (key !== null) this.derived.set(keyId, key);
    return key;
  }
}

/** Encodes fields with their lengths: two different lists never have the same bytes. */
export function sealedContent(fields: readonly SealedField[]): string {
  return fields
    .map((field) => (field === null ? '-;' : `${Buffer.byteLength(field)}:${field};`))
    .join('');
}

const forged = new Counter({
  name: 'sluice_forged_records_total',
  help: 'Lifts, closings and approvals in the database without a valid seal. Any value other than 0 is an incident',
  labelNames: ['table'],
});

startAtZero(forged, {
  table: [
    'halt',
    'break',
    'book_halt',
    'approval',
    'policy_set',
    'policy_price',
    'approval_case',
    'approval_vote',
    'passkey',
  ],
});

/** Counts a row that states a decision of people and that no process of this service has sealed. */
export function countForgedRecord(table: string): void {
  forged.inc({ table });
}
