import { ApiProperty } from '@nestjs/swagger';
import { columnsWhere, type Column } from '@sluice/kernel';
import {
  ChoiceField,
  TextField,
  TimeField,
  UuidField,
  WholeNumberField,
} from '../../http/fields.js';

/** Column of the table `delivery`. */
interface DeliveryColumn extends Column {
  /** Account and operators see the column in each view of a delivery. */
  readonly shown?: true;
}
type DeliveryColumns = Readonly<Record<string, DeliveryColumn>>;

/** Columns set when the delivery is scheduled. */
export const DELIVERY_CONTENT = {
  id: { column: 'id', type: 'bigint', shown: true },
  position: { column: 'position', type: 'bigint' },
  accountId: { column: 'account_id', type: 'uuid' },
  // null: no webhook was notified, and the row shows the event in the account's log alone
  webhookId: { column: 'webhook_id', type: 'uuid', nullable: true, shown: true },
  event: { column: 'event', type: 'text', shown: true },
  stepId: { column: 'step_id', type: 'text', nullable: true },
  withdrawal: { column: 'withdrawal', type: 'bigint', nullable: true },
  clientReference: { column: 'client_reference', type: 'text', nullable: true },
  inLog: { column: 'in_log', type: 'boolean' },
  body: { column: 'body', type: 'text' },
  createdAt: { column: 'created_at', type: 'timestamptz', shown: true },
  seal: { column: 'seal', type: 'text' },
} as const satisfies DeliveryColumns;

/** Columns written by attempts, requeues and changes of the webhook. */
export const DELIVERY_PROGRESS = {
  status: { column: 'status', type: 'text', nullable: true, shown: true },
  attemptCount: { column: 'attempt_count', type: 'integer', shown: true },
  nextAttemptAt: {
    column: 'next_attempt_at',
    api: 'next_retry_at',
    type: 'timestamptz',
    nullable: true,
    shown: true,
  },
  attemptId: { column: 'attempt_id', type: 'bigint', nullable: true },
  begunAt: { column: 'begun_at', type: 'timestamptz', nullable: true },
  endedAt: { column: 'ended_at', type: 'timestamptz', nullable: true, shown: true },
  // the first successful attempt, which has no row in delivery_attempt
  answeredAttempt: { column: 'answered_attempt', type: 'bigint', nullable: true },
  answeredBegunAt: { column: 'answered_begun_at', type: 'timestamptz', nullable: true },
  answeredDurationMs: { column: 'answered_duration_ms', type: 'integer', nullable: true },
  answeredStatus: { column: 'answered_status', type: 'integer', nullable: true },
  answeredBody: { column: 'answered_body', type: 'text', nullable: true },
} as const satisfies DeliveryColumns;

export const DELIVERY_COLUMNS = {
  ...DELIVERY_CONTENT,
  ...DELIVERY_PROGRESS,
} as const satisfies DeliveryColumns;

export const SHOWN_DELIVERY = columnsWhere<DeliveryColumn>(
  DELIVERY_COLUMNS,
  ({ shown }) => shown === true,
);

/** Columns of the table `delivery_attempt`. */
export const DELIVERY_ATTEMPT_COLUMNS = {
  id: { column: 'id', type: 'bigint' },
  deliveryId: { column: 'delivery_id', type: 'bigint' },
  startedAt: { column: 'started_at', type: 'timestamptz' },
  durationMs: { column: 'duration_ms', type: 'integer', nullable: true },
  status: { column: 'status', type: 'integer', nullable: true },
  error: { column: 'error', type: 'text', nullable: true },
  answer: { column: 'answer', type: 'text', nullable: true },
} as const satisfies DeliveryColumns;

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Delivery of an event to a webhook: the shown columns. */
export class DeliveryDto {
  /** The `id` of the body, the same on every attempt. */
  @ApiProperty({ type: 'integer', minimum: 1 }) id!: number;
  @UuidField() webhook_id!: string;
  @TextField() event!: string;
  @ChoiceField(DELIVERY_STATUSES) status!: DeliveryStatus;
  /** Number of attempts, failed or successful, since scheduling or requeuing. */
  @WholeNumberField({ min: 0, max: 2_147_483_647 }) attempt_count!: number;
  @TimeField({ nullable: true }) next_retry_at!: string | null;
  @TimeField() created_at!: string;
  @TimeField({ nullable: true }) ended_at!: string | null;
}
