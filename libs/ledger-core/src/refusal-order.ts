import type { AssignHoldRefusal, OpenHoldRefusal, PlaceHoldRefusal } from './place-hold.js';
import type { CaptureHoldRefusal, RecordVenueFeeRefusal } from './capture-hold.js';
import type {
  ExpireHoldRefusal,
  ReleaseHoldRefusal,
  ReturnPaymentRefusal,
} from './release-hold.js';
import type {
  FreezeAccountRefusal,
  FundAccountRefusal,
  OpenAccountRefusal,
  UnfreezeAccountRefusal,
} from './open-account.js';
import type {
  RecordGasRefusal,
  RecordGasTopUpRefusal,
  RecordWalletFundingRefusal,
} from './wallet-bookings.js';
import type { ReverseEntryRefusal, TransferFundsRefusal } from './corrections.js';

interface RefusalOf {
  'open-account': OpenAccountRefusal;
  'freeze-account': FreezeAccountRefusal;
  'unfreeze-account': UnfreezeAccountRefusal;
  'fund-account': FundAccountRefusal;
  'transfer-funds': TransferFundsRefusal;
  'place-hold': PlaceHoldRefusal;
  'assign-hold': AssignHoldRefusal;
  'grant-hold': OpenHoldRefusal;
  'start-submission': OpenHoldRefusal;
  'capture-hold': CaptureHoldRefusal;
  'release-hold': ReleaseHoldRefusal;
  'expire-hold': ExpireHoldRefusal;
  'record-venue-fee': RecordVenueFeeRefusal;
  'return-payment': ReturnPaymentRefusal;
  'record-gas': RecordGasRefusal;
  'record-gas-top-up': RecordGasTopUpRefusal;
  'record-wallet-funding': RecordWalletFundingRefusal;
  'reverse-entry': ReverseEntryRefusal;
}

export type LedgerRefusal = RefusalOf[keyof RefusalOf];

const OPEN_HOLD = [
  'hold_not_found',
  'hold_mismatch',
  'already_captured',
  'already_released',
  'already_expired',
] as const;

/** Priority of refusals by command, tested in pairs and against the README. */
export const REFUSAL_ORDER: { readonly [C in keyof RefusalOf]: readonly RefusalOf[C]['kind'][] } = {
  'open-account': ['account_id_reused'],
  'freeze-account': ['account_not_found'],
  'unfreeze-account': ['freeze_not_found'],
  'fund-account': [
    'reference_reused',
    'amount_not_positive',
    'account_not_found',
    'balance_too_large',
  ],
  'transfer-funds': [
    'reference_reused',
    'amount_not_positive',
    'not_transferable',
    'account_not_found',
    'account_frozen',
    'insufficient_funds',
    'balance_too_large',
  ],
  'place-hold': [
    'withdrawal_id_reused',
    'held_before',
    'amount_not_positive',
    'account_not_found',
    'account_frozen',
    'order_not_signed',
    'policy_denied',
    'limit_exceeded',
    'insufficient_funds',
  ],
  'assign-hold': [...OPEN_HOLD, 'assigned_elsewhere', 'not_proven'],
  'grant-hold': OPEN_HOLD,
  'start-submission': OPEN_HOLD,
  'capture-hold': [
    ...OPEN_HOLD,
    'assigned_elsewhere',
    'not_approved',
    'amount_not_positive',
    'exceeds_hold',
  ],
  'release-hold': [
    'hold_not_found',
    'hold_mismatch',
    'already_captured',
    'already_expired',
    'not_proven',
  ],
  'expire-hold': [
    'hold_not_found',
    'hold_mismatch',
    'already_captured',
    'already_released',
    'not_expirable',
    'not_due',
  ],
  'record-venue-fee': [
    'hold_not_found',
    'hold_mismatch',
    'venue_fee_reused',
    'hold_not_captured',
    'venue_mismatch',
    'amount_not_positive',
  ],
  'return-payment': [
    'hold_not_found',
    'hold_mismatch',
    'already_returned',
    'hold_not_captured',
    'venue_mismatch',
    'not_returnable',
    'not_proven',
    'amount_not_positive',
    'exceeds_payment',
    'capture_reversed',
    'balance_too_large',
  ],
  'record-gas': ['reference_reused', 'amount_not_positive', 'not_native', 'above_ceiling'],
  'record-gas-top-up': ['reference_reused', 'amount_not_positive', 'not_native', 'above_ceiling'],
  'record-wallet-funding': [
    'reference_reused',
    'amount_not_positive',
    'network_mismatch',
    'above_ceiling',
  ],
  'reverse-entry': [
    'entry_not_found',
    'entry_mismatch',
    'not_reversible',
    'insufficient_funds',
    'balance_too_large',
  ],
};
