import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { connectorOf, orderDigest, recipientDigest } from '@sluice/messages';
import { InjectConfig, InjectMessageKeys } from '@sluice/service-shell';
import { HmacSha256, type KeyRing, type MessageKeys, signProof } from '@sluice/signing';
import type { PricedOrder, Withdrawal } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../settings/intake-settings.js';

interface RecordedOrder {
  readonly withdrawal: Withdrawal;
  readonly digest: string;
  readonly seal: string;
  readonly venueClientReference: string;
}

/** Seals a customer's order at the request, and signs the order for the paying venue. */
@Injectable()
export class OrderAuthority {
  private readonly own: KeyRing;

  constructor(@InjectMessageKeys() private readonly keys: MessageKeys) {
    this.own = keys.with('intake-api');
  }

  seal(digest: string): string {
    return this.own.sign('requested order', [digest]);
  }

  /**
   * Proof of the request for the auditor, made only by the handler of the request; null without a
   * shared key.
   */
  requestProof(digest: string): string | null {
    return this.keys.names().includes('auditor')
      ? signProof(this.keys.with('auditor'), { says: 'requested', digest: digest })
      : null;
  }

  /** False if the row differs from the customer's order: no command may be sent for the row. */
  isAsRequested({ withdrawal, digest, seal }: RecordedOrder): boolean {
    return digestOf(withdrawal.order) === digest && this.isSealed(digest, seal);
  }

  isSealed(digest: string, seal: string): boolean {
    return this.own.verify('requested order', [digest], seal);
  }

  orderFor(
    { withdrawal, digest, venueClientReference }: RecordedOrder,
    notAfter: Date | null,
  ): string {
    const { venue, order } = withdrawal;
    return signProof(this.keys.with(connectorOf(venue)), {
      says: 'ordered',
      withdrawalId: order.id,
      digest,
      venue,
      clientReference: venueClientReference,
      notAfter: notAfter?.toISOString() ?? null,
    });
  }
}

export function digestOf(
  order: PricedOrder,
  recipient: string = recipientDigest(order.destination),
): string {
  return orderDigest({
    withdrawalId: order.id,
    accountId: order.accountId,
    asset: order.asset,
    amount: order.amount.toString(),
    fee: order.fee.toString(),
    recipientDigest: recipient,
  });
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LABEL = 'sluice: our reference at a venue, version 1';
const KEY_BYTES = 32;
/** Number of base-62 digits for 128 bits. */
const DIGITS = 22;
/** Increased only if a venue ever needs a second reference for the same order. */
const KEY_NUMBER = '1';

/**
 * Our reference at the venue: a mark, 22 characters in base 62 and the key number. Derived under a
 * secret key from the client's reference (mark `c`), so that a repeated request finds the venue's
 * record even after a restore; otherwise from the withdrawal (mark `w`).
 */
@Injectable()
export class VenueReferences {
  private readonly key: HmacSha256;

  constructor(
    @InjectConfig()
    { secretsKeks, venueReferencesKey }: Pick<IntakeConfig, 'secretsKeks' | 'venueReferencesKey'>,
  ) {
    const master = Buffer.from(venueReferencesKey.reveal() || secretsKeks[0].reveal(), 'base64');
    this.key = new HmacSha256(new Uint8Array(hkdfSync('sha256', master, '', LABEL, KEY_BYTES)));
  }

  of({
    id,
    accountId,
    referenceScope,
    clientReference,
  }: Pick<PricedOrder, 'id' | 'accountId' | 'referenceScope' | 'clientReference'>): string {
    return clientReference === null
      ? `w${this.derive(['w', id])}`
      : `c${this.derive(['c', accountId, referenceScope, clientReference])}`;
  }

  private derive(parts: readonly string[]): string {
    const digest = this.key.of(JSON.stringify(parts), 'hex');
    return base62(BigInt(`0x${digest.slice(0, 32)}`)) + KEY_NUMBER;
  }
}

function base62(value: bigint): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= 62n) text = (ALPHABET[Number(rest % 62n)] ?? '') + text;
  return text.padStart(DIGITS, '0');
}
