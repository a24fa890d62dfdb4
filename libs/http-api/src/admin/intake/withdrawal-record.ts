import { ApiProperty } from '@nestjs/swagger';
import { columnsWhere, type Column } from '@sluice/kernel';
import {
  ChoiceField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

/** Column of the table `withdrawal`. Columns are named like the fields of the APIs. */
interface WithdrawalColumn extends Column {
  /** The archive also has the column, to answer a repeated request. */
  readonly archived?: true;
  /** Admin views of the column: the list and the details, or only the details. */
  readonly admin?: 'list' | 'details';
}
type WithdrawalColumns = Readonly<Record<string, WithdrawalColumn>>;

/** Columns of the accepted request. Only the reference may change: a refused hold returns it. */
export const WITHDRAWAL_REQUEST = {
  id: { column: 'id', type: 'uuid', archived: true, admin: 'list' },
  accountId: { column: 'account_id', type: 'uuid', archived: true, admin: 'list' },
  keyId: { column: 'key_id', type: 'text', archived: true },
  clientReference: {
    column: 'client_reference',
    type: 'text',
    nullable: true,
    archived: true,
    admin: 'list',
  },
  currency: { column: 'currency', type: 'text', archived: true, admin: 'list' },
  network: { column: 'network', type: 'text', archived: true, admin: 'list' },
  decimals: { column: 'decimals', type: 'integer', archived: true },
  destination: { column: 'destination', type: 'jsonb', archived: true, admin: 'details' },
  givenAddress: { column: 'given_address', type: 'text', nullable: true, archived: true },
  amount: { column: 'amount', type: 'numeric', archived: true, admin: 'list' },
  fee: { column: 'fee', type: 'numeric', archived: true, admin: 'list' },
  pinned: { column: 'pinned', type: 'boolean', archived: true, admin: 'details' },
  submitWithinMs: {
    column: 'submit_within_ms',
    type: 'integer',
    nullable: true,
    admin: 'details',
  },
  digest: { column: 'digest', type: 'bytea', archived: true },
  seal: { column: 'order_seal', type: 'text' },
  requestProof: { column: 'request_proof', type: 'text', nullable: true },
  venueClientReference: { column: 'venue_client_reference', type: 'text' },
  sharesReference: { column: 'shares_reference', type: 'boolean', archived: true },
  signedRequest: { column: 'signed_request', type: 'jsonb', nullable: true },
} as const satisfies WithdrawalColumns;

/** Columns that the database sets when the request is recorded. */
const WITHDRAWAL_RECORD = {
  number: { column: 'number', type: 'bigint', archived: true, admin: 'list' },
  requestedAt: { column: 'requested_at', type: 'timestamptz', archived: true, admin: 'list' },
} as const satisfies WithdrawalColumns;

/** Columns of a step with the values of the `Withdrawal` itself. */
export const WITHDRAWAL_PROGRESS = {
  state: { column: 'state', type: 'text', archived: true, admin: 'list' },
  sequence: { column: 'sequence', type: 'integer', archived: true },
  published: { column: 'published', type: 'integer' },
  venueReference: {
    column: 'venue_reference',
    type: 'text',
    nullable: true,
    archived: true,
    admin: 'details',
  },
  txHash: { column: 'tx_hash', type: 'text', nullable: true, archived: true, admin: 'list' },
  expectedAt: { column: 'expected_at', type: 'timestamptz', nullable: true, admin: 'details' },
  broadcastAt: { column: 'broadcast_at', type: 'timestamptz', nullable: true, archived: true },
  confirmedAt: {
    column: 'confirmed_at',
    type: 'timestamptz',
    nullable: true,
    archived: true,
    admin: 'list',
  },
  confirmations: { column: 'confirmations', type: 'integer', nullable: true, archived: true },
  blockNumber: { column: 'block_number', type: 'bigint', nullable: true, archived: true },
  returnedAt: {
    column: 'returned_at',
    type: 'timestamptz',
    nullable: true,
    archived: true,
    admin: 'details',
  },
  /** Refusing rule of the spending policy; a refused request is never archived. */
  policyRefusal: { column: 'policy_refusal', type: 'jsonb', nullable: true },
  venueFeeRecorded: { column: 'venue_fee_recorded', type: 'boolean' },
} as const satisfies WithdrawalColumns;

/** Columns of a step with receipts, proofs and times of our own services. */
export const WITHDRAWAL_MARKS = {
  timedReceipt: { column: 'timed_receipt', type: 'text', nullable: true },
  signerReceipt: { column: 'signer_receipt', type: 'text', nullable: true },
  proof: { column: 'venue_proof', type: 'text', nullable: true },
  assignedProof: { column: 'assigned_proof', type: 'text', nullable: true },
  orderedAt: { column: 'ordered_at', type: 'timestamptz', nullable: true },
  updatedAt: { column: 'updated_at', type: 'timestamptz' },
} as const satisfies WithdrawalColumns;

/** Columns written by each step. */
export const WITHDRAWAL_STEP = {
  ...WITHDRAWAL_PROGRESS,
  ...WITHDRAWAL_MARKS,
  reasonCode: {
    column: 'error_message',
    type: 'text',
    nullable: true,
    archived: true,
    admin: 'list',
  },
  venueFee: { column: 'venue_fee', type: 'numeric', nullable: true },
  returnedAmount: {
    column: 'returned_amount',
    type: 'numeric',
    nullable: true,
    archived: true,
    admin: 'details',
  },
} as const satisfies WithdrawalColumns;

/** Columns written by a fail-over. */
export const WITHDRAWAL_VENUE = {
  venue: { column: 'venue', type: 'text', archived: true, admin: 'list' },
  tried: { column: 'tried', type: 'text[]', archived: true, admin: 'details' },
  submitBy: { column: 'submit_by', type: 'timestamptz', nullable: true },
} as const satisfies WithdrawalColumns;

/** Column written by a connector's report of waiting: venue and cause. A step leaves the column. */
export const WITHDRAWAL_WAIT = {
  waitsFor: { column: 'waits_for', type: 'text', nullable: true },
} as const satisfies WithdrawalColumns;

/** Columns written by a cancel request and by its refusal. */
export const WITHDRAWAL_CANCEL = {
  cancelRequestedAt: {
    column: 'cancel_requested_at',
    type: 'timestamptz',
    nullable: true,
    archived: true,
    admin: 'details',
  },
  cancelRequestedBy: {
    column: 'cancel_requested_by',
    type: 'text',
    nullable: true,
    archived: true,
    admin: 'details',
  },
  cancelRefusal: {
    column: 'cancel_refusal',
    type: 'text',
    nullable: true,
    archived: true,
    admin: 'details',
  },
} as const satisfies WithdrawalColumns;

/** History: written with the request, and by each step. */
export const WITHDRAWAL_HISTORY = {
  firstStep: { column: 'first_step', type: 'jsonb' },
  steps: { column: 'steps', type: 'jsonb' },
} as const satisfies WithdrawalColumns;

/** Columns of the rule for new recipients, written with the request and read by the rule alone. */
export const WITHDRAWAL_RECIPIENT = {
  recipient: { column: 'recipient', type: 'bytea' },
  firstPayment: { column: 'first_payment', type: 'boolean' },
} as const satisfies WithdrawalColumns;

export const WITHDRAWAL_COLUMNS = {
  ...WITHDRAWAL_REQUEST,
  ...WITHDRAWAL_RECORD,
  ...WITHDRAWAL_STEP,
  ...WITHDRAWAL_VENUE,
  ...WITHDRAWAL_CANCEL,
  ...WITHDRAWAL_WAIT,
  /** The reference of a request with a refused hold. */
  rejectedReference: {
    column: 'rejected_reference',
    type: 'text',
    nullable: true,
    admin: 'details',
  },
} as const satisfies WithdrawalColumns;

export const ARCHIVED_WITHDRAWAL = columnsWhere<WithdrawalColumn>(
  WITHDRAWAL_COLUMNS,
  ({ archived }) => archived === true,
);
export const LISTED_WITHDRAWAL = columnsWhere<WithdrawalColumn>(
  WITHDRAWAL_COLUMNS,
  ({ admin }) => admin === 'list',
);
export const SHOWN_WITHDRAWAL = columnsWhere<WithdrawalColumn>(
  WITHDRAWAL_COLUMNS,
  ({ admin }) => admin !== undefined,
);

/** Times of a withdrawal in each form of the public API, with the property of the value. */
export const WITHDRAWAL_TIMES = {
  status: {
    requested_at: 'requestedAt',
    broadcast_at: 'broadcastAt',
    confirmed_at: 'confirmedAt',
    returned_at: 'returnedAt',
  },
  transaction: { created_at: 'requestedAt', confirmed_at: 'confirmedAt' },
} as const;

/** States of a withdrawal, in order of occurrence. */
export const WITHDRAWAL_STATES = [
  'requested',
  'awaiting_approval',
  'submitting',
  'uncertain',
  'undecided',
  'submitted',
  'broadcast',
  'capturing',
  'releasing',
  'cancelling',
  'rejected',
  'completed',
  'returning',
  'returned',
  'failed',
  'cancelled',
] as const;
export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];

const PUBLIC_STATUSES = ['pending', 'broadcasted', 'confirmed', 'failed', 'cancelled'] as const;

/** Withdrawal in the list of withdrawals, newest first: the columns of the admin list, and its public status. */
export class WithdrawalRowDto {
  @UuidField() id!: string;
  @TextField({ max: 16 }, { description: 'its public number' }) number!: string;
  @UuidField() account_id!: string;
  @TextField({}, { optional: true }) client_reference!: string | null;
  @TextField({ max: 32 }) currency!: string;
  @TextField({ max: 32 }) network!: string;
  @TextField() amount!: string;
  @TextField() fee!: string;
  @TextField({ max: 32 }) venue!: string;
  @ChoiceField(WITHDRAWAL_STATES) state!: WithdrawalState;
  @ApiProperty({ type: String, nullable: true }) tx_hash!: string | null;
  @ApiProperty({ type: String, nullable: true }) error_message!: string | null;
  @TimeField() requested_at!: string;
  @TimeField({ optional: true }) confirmed_at!: string | null;
  @ChoiceField(PUBLIC_STATUSES) status!: (typeof PUBLIC_STATUSES)[number];
  @ApiProperty() stage!: string;
}

/** The further columns of the details. */
export class ShownWithdrawalDto extends WithdrawalRowDto {
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  destination!: Readonly<Record<string, string>>;
  /** True if the request named the venue. */
  @ApiProperty() pinned!: boolean;
  /** Venues with a refusal of the withdrawal. */
  @ApiProperty({ type: [String] }) tried!: readonly string[];
  @WholeNumberField({ min: 1, max: 2_147_483_647 }, { optional: true })
  submit_within_ms!: number | null;
  @ApiProperty({ type: String, nullable: true }) venue_reference!: string | null;
  @TimeField({ optional: true }) expected_at!: string | null;
  @ApiProperty({ type: String, nullable: true }) rejected_reference!: string | null;
  @TimeField({ optional: true }) cancel_requested_at!: string | null;
  @ApiProperty({ type: String, nullable: true }) cancel_requested_by!: string | null;
  @ApiProperty({ type: String, nullable: true }) cancel_refusal!: string | null;
  /** Amount of a completed payment that came back, and the time of its credit. */
  @ApiProperty({ type: String, nullable: true }) returned_amount!: string | null;
  @TimeField({ optional: true }) returned_at!: string | null;
}
