import { type Column, columnsWhere } from '@sluice/kernel';
import {
  ChoiceField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';
import { AssetField, SumField } from './ledger-fields.js';

/** Column of the table `hold`. */
interface HoldColumn extends Column {
  /** Operators see the column. */
  readonly shown?: true;
}

type HoldColumns = Readonly<Record<string, HoldColumn>>;

/** Terms of a hold. They never change. */
export const HOLD_TERMS = {
  withdrawalId: { column: 'withdrawal_id', type: 'uuid', shown: true },
  accountId: { column: 'account_id', type: 'uuid', shown: true },
  asset: { column: 'asset', type: 'text', shown: true },
  amount: { column: 'amount', type: 'numeric', shown: true },
  decidedAt: { column: 'decided_at', type: 'timestamptz', shown: true },
  digest: { column: 'digest', type: 'text', nullable: true },
  reference: { column: 'reference', type: 'text', nullable: true },
  /** Digest of the end key: the table admits an end of the hold only with this key. Null: refused. */
  lock: { column: 'end_lock', type: 'text', nullable: true },
  policyVersion: { column: 'policy_version', type: 'integer' },
  payout: { column: 'payout', type: 'numeric' },
  keyId: { column: 'key_id', type: 'text', nullable: true },
  recipient: { column: 'recipient', type: 'text', nullable: true },
  priceEur: { column: 'price_eur', type: 'numeric', nullable: true },
  /** Counts of the limits before the hold, and the refusal by a limit. */
  policyDetail: { column: 'policy_detail', type: 'jsonb', nullable: true },
} as const satisfies HoldColumns;

/** Columns written when a hold changes or ends. */
export const HOLD_STATE = {
  state: { column: 'state', type: 'text', shown: true },
  expiresAt: { column: 'expires_at', type: 'timestamptz', nullable: true, shown: true },
  submissionStartedAt: {
    column: 'submission_started_at',
    type: 'timestamptz',
    nullable: true,
    shown: true,
  },
  closedAt: { column: 'closed_at', type: 'timestamptz', nullable: true, shown: true },
  captured: { column: 'captured', type: 'numeric', nullable: true },
  fee: { column: 'fee', type: 'numeric', nullable: true },
  /** The venue's fee in the entry of the capture. */
  venueFee: { column: 'venue_fee', type: 'numeric', nullable: true },
  venue: { column: 'venue', type: 'text', nullable: true },
  entryId: { column: 'entry_id', type: 'uuid', nullable: true },
  reason: { column: 'reason', type: 'text', nullable: true, shown: true },
  assignedTo: { column: 'assigned_to', type: 'text', nullable: true },
  assignedAt: { column: 'assigned_at', type: 'timestamptz', nullable: true },
  /** Key of the grant: people have approved the payment. */
  grant: { column: 'approval_grant', type: 'text', nullable: true },
  /** Key of the lock, derived from a secret of the ledger; written with the end. */
  endKey: { column: 'end_key', type: 'text', nullable: true },
  /** The venue's proof that nothing moved, for a release. */
  releaseProof: { column: 'release_proof', type: 'text', nullable: true },
} as const satisfies HoldColumns;

export const HOLD_COLUMNS = {
  ...HOLD_TERMS,
  ...HOLD_STATE,
  /** Available balance at a refusal for insufficient funds. */
  available: { column: 'available', type: 'numeric', nullable: true },
} as const satisfies HoldColumns;

export const SHOWN_HOLD = columnsWhere<HoldColumn>(HOLD_COLUMNS, ({ shown }) => shown === true);

const HOLD_STATES = ['placed', 'captured', 'released', 'expired', 'refused'] as const;

/** Hold as operators see it: the shown columns. */
export class HoldDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  @AssetField() asset!: string;
  @SumField('payout and fee together') amount!: string;
  @ChoiceField(HOLD_STATES) state!: string;
  @TextField({ max: 1_000 }, { nullable: true, description: 'why it was released or refused' })
  reason!: string | null;
  @TimeField() decided_at!: string;
  @TimeField({ nullable: true, description: 'when it ends by itself; null: never' })
  expires_at!: string | null;
  @TimeField({ nullable: true, description: 'from then on it does not expire' })
  submission_started_at!: string | null;
  @TimeField({ nullable: true }) closed_at!: string | null;
}

export class HoldsQuery {
  @ChoiceField(HOLD_STATES) state!: (typeof HOLD_STATES)[number];
  @UuidField({ optional: true }) account_id?: string;
  @WholeNumberField({ min: 1, max: 500 }, { optional: true, description: '50 unless asked' })
  limit?: number;
  @UuidField({ optional: true, description: '`next_cursor` of the page before' }) cursor?: string;
}
