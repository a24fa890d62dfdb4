import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HmacSha256 } from '@sluice/signing';
import { InjectConfig } from '@sluice/service-shell';
import type { PricedOrder } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../settings/intake-settings.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LABEL = 'sluice: our reference at a venue, version 1';
const KEY_BYTES = 32;
/** Number of base-62 digits for 128 bits. */
const DIGITS = 22;
/** Increased only if a venue ever needs a second reference for the same order. */
const KEY_NUMBER = '1';

/**
 * Our reference at the venue: a mark, 22 characters in base 62 and the key number; letters and
 * digits, 24 in all. With a client reference, ours is derived from the client's (mark `c`). After a
 * restore without the first request, a repeated request therefore leads to the venue's existing
 * record. Otherwise the reference is derived from the withdrawal (mark `w`). The derivation uses a
 * secret key: a reader of the reference cannot identify the client. Another VENUE_REFERENCES_KEY
 * (or SECRETS_KEK, if not set) results in other references.
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
