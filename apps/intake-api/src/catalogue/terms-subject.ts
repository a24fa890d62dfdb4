import type { Tx } from '@sluice/postgres';
import type { RecordedVersion } from './terms-versions.js';

/** What whoever sets terms has read, and from when they are to be in force. */
export interface NextVersion {
  readonly after_version?: number | null;
  readonly effective_at?: string | null;
}

/** The version that is about to be recorded, as two people have said it. */
export interface VersionStamp {
  readonly version: number;
  readonly effectiveAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** What has terms of its own: a network, a currency on one, or an account's use of that. */
export interface TermsSubject<
  Order extends NextVersion,
  Version extends RecordedVersion,
  Content extends object,
> {
  /** What the approvals of it are called. */
  readonly action: string;
  target(order: Order): string;
  /** All of this one. */
  versions(tx: Tx, order: Order): Promise<readonly Version[]>;
  /** What a version is about and says, by the names of the order. */
  contentOf(version: Version): Content;
  /** Throws the refusal of an order that can never be good, or that does not fit what is there. */
  check(tx: Tx, order: Order, newest: Version | null): Promise<void>;
  /** Writes its own row where it has none yet. */
  begin(tx: Tx, order: Order): Promise<void>;
  insert(tx: Tx, order: Order, stamp: VersionStamp): Promise<void>;
}

export function stampColumns(stamp: VersionStamp): readonly unknown[] {
  return [stamp.version, stamp.effectiveAt.toISOString(), stamp.requestedBy, stamp.approvedBy];
}
