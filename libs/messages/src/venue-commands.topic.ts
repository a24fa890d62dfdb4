import type { Destination } from './destination.js';
import { IsAccountId, IsAmount, IsAsset, IsDestination, IsReason, IsTimeOrNull, IsWithdrawalId } from './fields.js';
import { topic } from './topic.js';

/** `venue.submit-withdrawal.v1`: a hold is placed; pay `amount` to `destination`, so that the recipient gets exactly that. */
export class SubmitWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsAccountId() accountId!: string;
  @IsAsset() asset!: string;
  @IsAmount() amount!: string;
  @IsDestination() destination!: Destination;
  /** After this moment an order that has not been sent yet is given up as not sent; null = waits as long as it takes. */
  @IsTimeOrNull() notAfter!: string | null;
}

/** `venue.cancel-withdrawal.v1`: stop it where the venue still can; the answer is the venue's proof, not this wish. */
export class CancelWithdrawalV1 {
  @IsWithdrawalId() withdrawalId!: string;
  @IsReason() reason!: string;
}

/** `venue.<venue>.commands`: one topic for each venue, consumed by its connector alone. */
export function venueCommands<const V extends string>(venue: V) {
  return topic(`venue.${venue}.commands`, {
    owner: `connector-${venue}`,
    key: 'withdrawalId',
    types: { 'venue.submit-withdrawal.v1': SubmitWithdrawalV1, 'venue.cancel-withdrawal.v1': CancelWithdrawalV1 },
  });
}

export const bitmartCommands = venueCommands('bitmart');
export const bybitCommands = venueCommands('bybit');
export const gateioCommands = venueCommands('gateio');
export const upvestCommands = venueCommands('upvest');
export type VenueCommands = typeof gateioCommands;
