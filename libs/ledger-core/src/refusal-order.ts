import type { CaptureHoldRefusal } from './capture-hold.js';
import type { FundAccountRefusal } from './fund-account.js';
import type { OpenAccountRefusal } from './open-account.js';
import type { PlaceHoldRefusal } from './place-hold.js';
import type { RecordVenueFeeRefusal } from './record-venue-fee.js';
import type { ReleaseHoldRefusal } from './release-hold.js';

interface RefusalOf {
  'open-account': OpenAccountRefusal;
  'fund-account': FundAccountRefusal;
  'place-hold': PlaceHoldRefusal;
  'capture-hold': CaptureHoldRefusal;
  'release-hold': ReleaseHoldRefusal;
  'record-venue-fee': RecordVenueFeeRefusal;
}

/** Which refusal wins when several apply: the earlier one. A test breaks two rules at a time; another compares this with the README. */
export const REFUSAL_ORDER: { readonly [C in keyof RefusalOf]: readonly RefusalOf[C]['kind'][] } = {
  'open-account': ['account_id_reused'],
  'fund-account': ['reference_reused', 'amount_not_positive', 'account_not_found'],
  'place-hold': ['withdrawal_id_reused', 'amount_not_positive', 'account_not_found', 'insufficient_funds'],
  'capture-hold': ['hold_not_found', 'hold_mismatch', 'already_captured', 'already_released', 'amount_not_positive', 'exceeds_hold'],
  'release-hold': ['hold_not_found', 'hold_mismatch', 'already_captured'],
  'record-venue-fee': ['hold_not_found', 'hold_mismatch', 'venue_fee_reused', 'hold_not_captured', 'venue_mismatch', 'amount_not_positive'],
};
