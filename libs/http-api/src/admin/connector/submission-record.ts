import { ApiProperty } from '@nestjs/swagger';
import { columnsWhere, type Column } from '@sluice/kernel';
import {
  ChoiceField,
  DecimalField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

/** Column of the table `submission`. */
interface SubmissionColumn extends Column {
  /** Operators see the column. */
  readonly shown?: true;
}
type SubmissionColumns = Readonly<Record<string, SubmissionColumn>>;

/** Columns of the order that never change. */
export const SUBMISSION_ORDER = {
  accountId: { column: 'account_id', type: 'uuid', shown: true },
  form: { column: 'form', type: 'text', shown: true },
  asset: { column: 'asset', type: 'text', shown: true },
  amount: { column: 'amount', type: 'numeric', shown: true },
  destination: { column: 'destination', type: 'jsonb', shown: true },
  equalityKey: { column: 'equality_key', type: 'text', nullable: true },
  paymentKey: { column: 'payment_key', type: 'text', nullable: true },
  clientReference: { column: 'client_reference', type: 'text', shown: true },
  traceparent: { column: 'traceparent', type: 'text', nullable: true },
  correlationId: { column: 'correlation_id', type: 'text', nullable: true },
} as const satisfies SubmissionColumns;

/** Columns set by the database when the order is stored. */
const SUBMISSION_ROW = {
  seq: { column: 'seq', type: 'bigint' },
  createdAt: { column: 'created_at', type: 'timestamptz', shown: true },
} as const satisfies SubmissionColumns;

/** Columns changed by a hand-over to a later withdrawal with the same reference. */
export const HANDED_OVER_SUBMISSION = {
  withdrawalId: { column: 'withdrawal_id', type: 'uuid', shown: true },
  keyId: { column: 'key_id', type: 'text', shown: true },
  digest: { column: 'digest', type: 'text' },
  fee: { column: 'fee', type: 'numeric' },
  orderMac: { column: 'order_mac', type: 'text' },
  timedReceipt: { column: 'timed_receipt', type: 'text' },
  signerReceipt: { column: 'signer_receipt', type: 'text', nullable: true },
  orderedAt: { column: 'ordered_at', type: 'timestamptz', nullable: true },
  notAfter: { column: 'not_after', type: 'timestamptz', nullable: true, shown: true },
  causationId: { column: 'causation_id', type: 'text', nullable: true },
} as const satisfies SubmissionColumns;

/** Columns changed by attempts, look-ups, cancels and reports of the venue. */
const SUBMISSION_PROGRESS = {
  state: { column: 'state', type: 'text', shown: true },
  cancelState: { column: 'cancel_state', type: 'text', nullable: true, shown: true },
  cancelReason: { column: 'cancel_reason', type: 'text', nullable: true },
  lookupFirst: { column: 'lookup_first', type: 'boolean', shown: true },
  unconfirmed: { column: 'unconfirmed', type: 'boolean', shown: true },
  unsentSeal: { column: 'unsent_seal', type: 'text' },
  leaseOwner: { column: 'lease_owner', type: 'text', nullable: true },
  leaseToken: { column: 'lease_token', type: 'bigint', nullable: true },
  leaseUntil: { column: 'lease_until', type: 'timestamptz', nullable: true },
  nextActionAt: { column: 'next_action_at', type: 'timestamptz', nullable: true, shown: true },
  postponedFor: { column: 'postponed_for', type: 'text', nullable: true },
  submittedAt: { column: 'submitted_at', type: 'timestamptz', nullable: true, shown: true },
  givenUpAt: { column: 'given_up_at', type: 'timestamptz', nullable: true },
  acceptedAt: { column: 'accepted_at', type: 'timestamptz', nullable: true, shown: true },
  finishedAt: { column: 'finished_at', type: 'timestamptz', nullable: true, shown: true },
  venueTime: { column: 'venue_time', type: 'timestamptz', nullable: true, shown: true },
  lastVenueTime: { column: 'last_venue_time', type: 'timestamptz', nullable: true, shown: true },
  listedAt: { column: 'listed_at', type: 'timestamptz', nullable: true, shown: true },
  notListedAt: { column: 'not_listed_at', type: 'timestamptz', nullable: true, shown: true },
  attempt: { column: 'attempt', type: 'integer', shown: true },
  resends: { column: 'resends', type: 'integer', shown: true },
  gross: { column: 'gross', type: 'numeric', nullable: true, shown: true },
  venueReference: { column: 'venue_reference', type: 'text', nullable: true, shown: true },
  txHash: { column: 'tx_hash', type: 'text', nullable: true, shown: true },
  blockNumber: { column: 'block_number', type: 'numeric', nullable: true },
  confirmations: { column: 'confirmations', type: 'bigint', nullable: true },
  venueFee: { column: 'venue_fee', type: 'numeric', nullable: true, shown: true },
  /** Amount of the recipient, where the venue's fee has changed. */
  received: { column: 'received', type: 'numeric', nullable: true, shown: true },
  reason: { column: 'reason', type: 'text', nullable: true, shown: true },
  refusal: { column: 'refusal', type: 'jsonb', nullable: true },
  cancelSeenAt: { column: 'cancel_seen_at', type: 'timestamptz', nullable: true },
  emptyLookups: { column: 'empty_lookups', type: 'integer', shown: true },
  coveringLookups: { column: 'covering_lookups', type: 'integer' },
  possibleRecords: { column: 'possible_records', type: 'jsonb', nullable: true },
  unknownPublished: { column: 'unknown_published', type: 'boolean', shown: true },
  returnedAmount: { column: 'returned_amount', type: 'numeric', nullable: true, shown: true },
  returnedSeenAt: {
    column: 'returned_seen_at',
    type: 'timestamptz',
    nullable: true,
    shown: true,
  },
  nothingMoved: { column: 'nothing_moved', type: 'text', nullable: true },
  fastReleasedEur: { column: 'fast_released_eur', type: 'numeric', nullable: true },
} as const satisfies SubmissionColumns;

/** Columns of the newest attempt, null before the first. A trigger protects the intent. */
const SUBMISSION_ATTEMPT = {
  begun: { column: 'begun', type: 'integer', nullable: true },
  attemptReference: { column: 'attempt_reference', type: 'text', nullable: true },
  request: { column: 'request', type: 'text', nullable: true },
  requestSeal: { column: 'request_seal', type: 'text', nullable: true },
  attemptGross: { column: 'attempt_gross', type: 'numeric', nullable: true },
  evidence: { column: 'evidence', type: 'jsonb', nullable: true },
  attemptToken: { column: 'attempt_token', type: 'bigint', nullable: true },
  intendedAt: { column: 'intended_at', type: 'timestamptz', nullable: true },
  attemptVenueTime: { column: 'attempt_venue_time', type: 'timestamptz', nullable: true },
  serialNumber: { column: 'serial_number', type: 'bigint', nullable: true },
  haltSeen: { column: 'halt_seen', type: 'bigint', nullable: true },
  putBackAt: { column: 'put_back_at', type: 'timestamptz', nullable: true },
  attemptState: { column: 'attempt_state', type: 'text', nullable: true },
  answeredAt: { column: 'answered_at', type: 'timestamptz', nullable: true },
  responseStatus: { column: 'response_status', type: 'integer', nullable: true },
  responseBody: { column: 'response_body', type: 'text', nullable: true },
  cause: { column: 'cause', type: 'text', nullable: true },
  nothingMovedSeal: { column: 'nothing_moved_seal', type: 'text', nullable: true },
} as const satisfies SubmissionColumns;

export const CHANGED_SUBMISSION = {
  ...SUBMISSION_PROGRESS,
  ...SUBMISSION_ATTEMPT,
  ...HANDED_OVER_SUBMISSION,
};

export const SUBMISSION_COLUMNS = {
  ...HANDED_OVER_SUBMISSION,
  ...SUBMISSION_ORDER,
  ...SUBMISSION_ROW,
  ...SUBMISSION_PROGRESS,
  ...SUBMISSION_ATTEMPT,
} as const satisfies SubmissionColumns;

export const SHOWN_SUBMISSION = columnsWhere<SubmissionColumn>(
  SUBMISSION_COLUMNS,
  ({ shown }) => shown === true,
);

export const SUBMISSION_STATES = [
  'prepared',
  'sending',
  'refusing',
  'accepted',
  'unknown',
  'repeating',
  'undecided',
  'disputed',
  'refused',
  'settled',
  'returned',
  'failed',
] as const;

const COUNT = { min: 0, max: 2_147_483_647 } as const;

/** Order and present state of a submission: the shown columns. */
export class SubmissionDto {
  @UuidField() withdrawal_id!: string;
  @UuidField() account_id!: string;
  /** API key of the request. */
  @ApiProperty() key_id!: string;
  @ApiProperty() form!: string;
  @ApiProperty() asset!: string;
  @DecimalField() amount!: string;
  /** Amount debited by the venue, venue fee included; null before the first attempt. */
  @DecimalField({}, { optional: true }) gross!: string | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) destination!: object;
  @ApiProperty() client_reference!: string;
  @ChoiceField(SUBMISSION_STATES) state!: string;
  @WholeNumberField(COUNT) attempt!: number;
  @WholeNumberField(COUNT) resends!: number;
  @TextField({}, { optional: true }) venue_reference!: string | null;
  @TextField({}, { optional: true }) tx_hash!: string | null;
  @DecimalField({}, { optional: true }) venue_fee!: string | null;
  /** Amount that the recipient got, where the venue's fee has changed; null otherwise. */
  @DecimalField({}, { optional: true }) received!: string | null;
  @TextField({}, { optional: true }) reason!: string | null;
  /** Amount of a settled payment that came back. */
  @DecimalField({}, { optional: true }) returned_amount!: string | null;
  /** First reading of a record that reports the return; a second reading confirms the record. */
  @TimeField({ optional: true }) returned_seen_at!: string | null;
  @TimeField({ optional: true }) not_after!: string | null;
  @ChoiceField(['wished', 'asked', 'refused'], { optional: true }) cancel_state!: string | null;
  @TimeField({ optional: true }) next_action_at!: string | null;
  @TimeField({ optional: true }) submitted_at!: string | null;
  @WholeNumberField(COUNT) empty_lookups!: number;
  /** Venue's clock before the first request was sent; `last_venue_time` before the last request. */
  @TimeField({ optional: true }) venue_time!: string | null;
  @TimeField({ optional: true }) last_venue_time!: string | null;
  @TimeField({ optional: true }) listed_at!: string | null;
  @TimeField({ optional: true }) not_listed_at!: string | null;
  @TimeField() created_at!: string;
  @TimeField({ optional: true }) accepted_at!: string | null;
  @TimeField({ optional: true }) finished_at!: string | null;
  @ApiProperty() lookup_first!: boolean;
  @ApiProperty() unconfirmed!: boolean;
  @ApiProperty() unknown_published!: boolean;
}
