import { type Asset, assetOf, isAsset, type WireDestination } from '@sluice/kernel';
import type { Body, ledgerCommands, WithdrawalChangedV1 } from '@sluice/messages';
import type { NotifiedEnd } from '@sluice/withdrawal-core';
import { notifiedEndOf } from '../withdrawals/restored/ended-before.js';

/** Terms of a withdrawal as published on Kafka: in a step, or in the command that asked for its hold. */
export interface PublishedTerms {
  /** Public number of the withdrawal. */
  readonly number: string;
  readonly decimals: number;
  /** Sequence number of the newest published step; 0 without a step. */
  readonly sequence: number;
  readonly clientReference: string | null;
  readonly asset: Asset;
  readonly destination: WireDestination;
  /** Decimal text: the recipient's amount. */
  readonly amount: string;
  /** Decimal text. */
  readonly fee: string;
  /** Final status without a payment, notified by the newest step; null for any other status. */
  readonly notified: NotifiedEnd | null;
  /** API key of the request; undefined in a step. */
  readonly keyId?: string | undefined;
  /** Venue with the order at that time. */
  readonly venue: string;
}

export type PlaceHold = Extract<
  Body<(typeof ledgerCommands)['types']>,
  { readonly type: 'ledger.place-hold.v1' }
>['data'];

/** Returns null for a step without decimals. */
export function termsOfStep(step: WithdrawalChangedV1): PublishedTerms | null {
  const { decimals, currency, network, status, ...terms } = step;
  if (decimals === undefined) return null;
  return { ...terms, decimals, asset: assetOf(currency, network), notified: notifiedEndOf(status) };
}

/** Returns null for a command without the terms of the order. */
export function termsOfCommand(command: PlaceHold): PublishedTerms | null {
  const { number, decimals, clientReference = null, asset, destination, payout, fee } = command;
  const { venue, keyId } = command;
  if (!number || decimals === undefined || !destination || !payout || !fee || !venue) return null;
  if (!isAsset(asset)) return null;
  return {
    number,
    decimals,
    sequence: 0,
    clientReference,
    asset,
    destination,
    amount: payout,
    fee,
    notified: null,
    keyId,
    venue,
  };
}
