import type { Tx } from '@sluice/postgres';
import type { RecordedVersion } from './terms-versions.js';

/** Version read by the requester, and the effective time of the new terms. */
export interface NextVersion {
  readonly after_version?: number | null;
  readonly effective_at?: string | null;
}

/** Identity of the version about to be recorded, with requester and approver. */
export interface VersionStamp {
  readonly version: number;
  readonly effectiveAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Subject of terms: a network, a currency on a network, or an account's use of a currency. */
export interface TermsSubject<
  Order extends NextVersion,
  Version extends RecordedVersion,
  Content extends object,
> {
  /** Action name of the approvals. */
  readonly action: string;
  target(order: Order): string;
  /** Returns all versions of the subject. */
  versions(tx: Tx, order: Order): Promise<readonly Version[]>;
  /** Returns a version's subject and content, under the field names of the order. */
  contentOf(version: Version): Content;
  /**
   * Throws the refusal of an order with permanent faults, or in conflict with the existing terms.
   */
  check(tx: Tx, order: Order, newest: Version | null): Promise<void>;
  /** Inserts the subject's row if no row exists yet. */
  begin(tx: Tx, order: Order): Promise<void>;
  insert(tx: Tx, order: Order, stamp: VersionStamp): Promise<void>;
}

export function stampColumns(stamp: VersionStamp): readonly unknown[] {
  return [stamp.version, stamp.effectiveAt.toISOString(), stamp.requestedBy, stamp.approvedBy];
}
