import { hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { HmacSha256 } from '@sluice/message-auth';
import { InjectConfig } from '@sluice/service-shell';
import type { PricedOrder } from '@sluice/withdrawal-core';
import type { IntakeConfig } from '../config.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LABEL = 'sluice: our reference at a venue, version 1';
const KEY_BYTES = 32;
/** What 128 bits need in base 62. */
const DIGITS = 22;
/** Rises only if a venue ever has to be given a second reference for one order. */
const KEY_NUMBER = '1';

/**
 * Our reference at the venue: a mark, 22 characters in base 62 and the number of the key; letters and digits, 24 in all. Where the
 * client gave a reference, ours is derived from it (mark `c`): a client that asks for the same again after a restore, which knows
 * nothing of the first time, is led to the record that the venue has of it. Otherwise it is derived from the withdrawal (mark `w`).
 * Keyed, so that nobody who sees it can find out whose it is. Another VENUE_REFERENCES_KEY (or SECRETS_KEK, where there is none) makes other references.
 */
@Injectable()
export class VenueReferences {
  private readonly key: HmacSha256;

  constructor(
    @InjectConfig()
    { secretsKek, venueReferencesKey }: Pick<IntakeConfig, 'secretsKek' | 'venueReferencesKey'>,
  ) {
    const master = Buffer.from(venueReferencesKey.reveal() || secretsKek.reveal(), 'base64');
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
