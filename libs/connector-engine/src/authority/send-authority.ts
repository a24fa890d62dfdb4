import {
  partsOfProof,
  readReceipt,
  signProof,
  verifyProof,
  type KeyRing,
  type MessageKeys,
} from '@sluice/signing';
import type { Destination } from '@sluice/kernel';
import { connectorOf, digestFault, recipientDigest } from '@sluice/messages';

/** An order to be verified before a send. Times are RFC 3339 in UTC with milliseconds. */
interface VouchedOrder {
  readonly withdrawalId: string;
  readonly accountId: string;
  readonly asset: string;
  readonly amount: string;
  readonly fee: string | null;
  readonly destination: Destination;
  readonly digest: string | null;
  readonly clientReference: string | null;
  readonly notAfter: string | null;
  /** MAC by intake-api. */
  readonly order: string | null;
  /** Receipt with an expiry, by the ledger. */
  readonly receipt: string | null;
}

interface OrderHere {
  readonly withdrawalId: string;
  readonly digest: string;
}

/** Proof of an unsent order: this connector stored the order, or found no payment of the order. */
export type UnsentBasis = 'stored' | 'looked up';

interface UnsentSeal {
  readonly basis: UnsentBasis;
  readonly at: Date;
}

interface AttemptHere {
  readonly withdrawalId: string;
  readonly number: number;
}

/**
 * Verifies before a send that intake-api and the ledger signed the order. Own seals distinguish
 * data of this process from data written into the tables by others.
 */
export class SendAuthority {
  private readonly intake: KeyRing;
  private readonly ledger: KeyRing;
  private readonly own: KeyRing;

  constructor(
    private readonly venue: string,
    keys: MessageKeys,
  ) {
    this.intake = keys.with('intake-api');
    this.ledger = keys.with('ledger');
    this.own = keys.with(connectorOf(venue));
  }

  /**
   * Returns the reason against sending, as the end of a sentence; null if customer and ledger
   * agreed.
   */
  fault({ fee, digest, destination, order, receipt, ...terms }: VouchedOrder): string | null {
    if (digest === null || fee === null) return 'the message has no digest of its order';
    const recipient = recipientDigest(destination);
    const changed = digestFault({ ...terms, fee, recipientDigest: recipient }, digest);
    if (changed !== null) return changed;
    if (terms.clientReference === null) return 'it carries no reference at the venue';
    const here = { ...terms, digest, venue: this.venue };
    if (!verifyProof(this.intake, { says: 'ordered', ...here }, order))
      return 'the signature of intake-api is missing or wrong: no customer requested this order at this venue';
    const until = readReceipt(this.ledger, { to: 'connector', ...here }, receipt);
    if (until === null)
      return 'the receipt of the ledger is missing or wrong: this venue does not have the hold';
    const isWithin = terms.notAfter !== null && new Date(terms.notAfter) <= until;
    return isWithin ? null : "it may begin after the ledger's receipt has ended";
  }

  /** Returns the proof for the ledger. */
  proveNothingMoved({ withdrawalId, digest }: OrderHere): string {
    return signProof(this.ledger, {
      says: 'nothing moved',
      withdrawalId,
      digest,
      venue: this.venue,
    });
  }

  isProven({ withdrawalId, digest }: OrderHere, proof: string): boolean {
    const [own] = partsOfProof(proof);
    return verifyProof(
      this.ledger,
      { says: 'nothing moved', withdrawalId, digest, venue: this.venue },
      own,
    );
  }

  /** Returns the proof of a return for the ledger. */
  proveReturned({ withdrawalId, digest }: OrderHere, amount: string): string {
    return signProof(this.ledger, {
      says: 'returned',
      withdrawalId,
      digest,
      venue: this.venue,
      amount,
    });
  }

  isReturnProven({ withdrawalId, digest }: OrderHere, amount: string, proof: string): boolean {
    return verifyProof(
      this.ledger,
      { says: 'returned', withdrawalId, digest, venue: this.venue, amount },
      proof,
    );
  }

  /** Seals the exact request of an attempt. The seal is stored with the request before the send. */
  sealRequest({ withdrawalId, number }: AttemptHere, body: string): string {
    return this.own.sign('attempt', ['request', withdrawalId, number, body]);
  }

  isRequest({ withdrawalId, number }: AttemptHere, body: string, seal: string): boolean {
    return this.own.verify('attempt', ['request', withdrawalId, number, body], seal);
  }

  /** Seals an attempt as having moved no money: a further attempt may follow. */
  sealNothingMoved({ withdrawalId, number }: AttemptHere): string {
    return this.own.sign('attempt', ['nothing moved', withdrawalId, number]);
  }

  movedNothing({ withdrawalId, number }: AttemptHere, seal: string | null): boolean {
    return this.own.verify('attempt', ['nothing moved', withdrawalId, number], seal);
  }

  /** Seals the time at which the order was unsent. A row put back later shows its age by this seal. */
  sealUnsent(clientReference: string, { basis, at }: UnsentSeal): string {
    const time = at.toISOString();
    return [basis, time, this.own.sign('attempt', ['unsent', clientReference, basis, time])].join(
      UNSENT_SEPARATOR,
    );
  }

  /** Returns the content of the seal; null if the seal does not belong to this reference. */
  readUnsent(clientReference: string, seal: string): UnsentSeal | null {
    const [basis, time = '', mac] = seal.split(UNSENT_SEPARATOR);
    if (basis !== 'stored' && basis !== 'looked up') return null;
    const isOurs = this.own.verify('attempt', ['unsent', clientReference, basis, time], mac);
    return isOurs ? { basis, at: new Date(time) } : null;
  }
}

/** Neither a time nor a MAC contains this character. */
const UNSENT_SEPARATOR = '~';
