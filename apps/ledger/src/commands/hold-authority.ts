import { Injectable } from '@nestjs/common';
import {
  partsOfProof,
  readClosed,
  readReceipt,
  signProof,
  verifyProof,
  type MessageKeys,
  type OrderAtVenue,
} from '@sluice/signing';
import { connectorOf, WALLET } from '@sluice/messages';
import type { Amount } from '@sluice/kernel';
import type { Hold, Instant, PlacedHold } from '@sluice/ledger-core';
import { InjectMessageKeys } from '@sluice/service-shell';
import {
  ChainKeys,
  endKeyOf,
  grantKeyOf,
  type HoldKind,
  newLock,
  UnknownLockError,
} from '../hash-chain/chain-keys.js';
import type { Receipts } from '../wire/wire.js';

/** The signer shares a key with the ledger that the wallet's connector does not have. */
const SIGNER = 'signer';

/** Start of a receipt by the database's time, and the venue's time to begin; null: no limit. */
export interface ReceiptTime {
  readonly at: Instant;
  readonly withinMs: number | null;
}

/** Longest validity of a receipt. A connector requests a new one while the hold is placed. */
const LONGEST_MS = 7 * 24 * 3_600_000;

/**
 * The ledger as second key: permits one connector to pay a hold, and verifies proofs of no payment.
 */
@Injectable()
export class HoldAuthority {
  constructor(
    @InjectMessageKeys() private readonly keys: MessageKeys,
    private readonly chainKeys: ChainKeys,
  ) {}

  lockOf(withdrawalId: string, kind: HoldKind): string {
    return newLock(this.chainKeys, withdrawalId, kind);
  }

  /** True for a guarded hold without a valid grant: no receipt was ever issued. */
  isAwaiting(hold: Hold): boolean {
    if (endKeyOf(this.chainKeys, hold, ['guarded']) === null) return false;
    return hold.grant === null || hold.grant !== grantKeyOf(this.chainKeys, hold);
  }

  /** Returns the key of the grant. Throws if this instance does not have the key of the lock. */
  grantOf(hold: Hold): string {
    const grant = grantKeyOf(this.chainKeys, hold);
    if (grant === null) throw new UnknownLockError(hold.withdrawalId);
    return grant;
  }

  /** New receipts for the assigned venue; null while no venue may pay the hold. */
  receiptsOf(hold: Hold, time: ReceiptTime): Receipts | null {
    const order = orderOf(hold, hold.assignedTo);
    if (order === null || !mayBePaid(hold) || this.isAwaiting(hold)) return null;
    const { venue } = order;
    const ring = this.keys.with(connectorOf(venue));
    const until = endOf(time);
    return {
      venue,
      timedReceipt: signProof(ring, { says: 'held', to: 'connector', ...order, until }),
      ...(venue === WALLET && {
        signerReceipt: signProof(this.keys.with(SIGNER), {
          says: 'held',
          to: 'signer',
          ...order,
          until,
        }),
      }),
    };
  }

  /** True if the ledger has issued a receipt of this order for the venue, at any time. */
  hasIssued(order: OrderAtVenue, receipt: string | undefined): boolean {
    const ring = this.keys.with(connectorOf(order.venue));
    return readReceipt(ring, { to: 'connector', ...order }, receipt) !== null;
  }

  /** True for a hold with a lock of the ledger, and for a refused hold, which has none. */
  isOurs(hold: Hold): boolean {
    return hold.state === 'refused' || endKeyOf(this.chainKeys, hold) !== null;
  }

  /**
   * True if the ledger placed the hold with an expiry time: one written by the database login ends
   * no hold.
   */
  mayExpire(hold: Hold): boolean {
    return hold.state === 'refused' || endKeyOf(this.chainKeys, hold, ['expiring']) !== null;
  }

  /**
   * Checks a connector's proof that nothing moved. Our own wallet also needs the signer's statement
   * to sign no more: a receipt could be used after the release.
   */
  provesNothingMoved(
    hold: Hold | undefined,
    venue: string | null | undefined,
    proof: string | undefined,
  ): boolean {
    const order = hold === undefined ? null : orderOf(hold, venue ?? null);
    if (hold === undefined || order === null || proof === undefined) return false;
    if (!this.isOurs(hold)) return false;
    const ring = this.keys.with(connectorOf(order.venue));
    if (order.venue !== WALLET)
      return verifyProof(ring, { says: 'nothing moved', ...order }, proof);
    const [own, closed] = partsOfProof(proof);
    const isClosed = readClosed(this.keys.with(SIGNER), order.withdrawalId, closed) !== null;
    return isClosed && verifyProof(ring, { says: 'nothing moved', ...order }, own);
  }

  /** Checks the proof of the connector that made the payment: this amount of it came back. */
  provesReturn(hold: Hold | undefined, amount: Amount, proof: string | undefined): boolean {
    if (hold?.state !== 'captured' || !this.isOurs(hold)) return false;
    const order = orderOf(hold, hold.venue);
    if (order === null) return false;
    return verifyProof(
      this.keys.with(connectorOf(order.venue)),
      { says: 'returned', ...order, amount: amount.toString() },
      proof,
    );
  }

  /** False for a removed key or venue: such a proof was verified at its release. */
  hasKeysOf(venue: string, proof: string): boolean {
    const [own, closed] = partsOfProof(proof);
    return this.hasKeyOf(connectorOf(venue), own) && this.hasKeyOf(SIGNER, closed);
  }

  private hasKeyOf(service: string, mac: string | null): boolean {
    if (mac === null) return true;
    if (!this.keys.names().includes(service)) return false;
    return this.keys
      .with(service)
      .prints()
      .some(({ id }) => mac.startsWith(`${id}.`));
  }
}

/** An expiring hold must not be paid before the submission has started. */
function mayBePaid(hold: Hold): hold is PlacedHold {
  return hold.state === 'placed' && hold.expiresAt === null;
}

function endOf({ at, withinMs }: ReceiptTime): Date {
  return new Date(Date.parse(at) + Math.min(withinMs ?? LONGEST_MS, LONGEST_MS));
}

function orderOf({ withdrawalId, digest }: Hold, venue: string | null): OrderAtVenue | null {
  return digest === null || venue === null ? null : { withdrawalId, digest, venue };
}
