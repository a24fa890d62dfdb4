import { ApiProperty } from '@nestjs/swagger';
import {
  ChoiceField,
  DELIVERY_STATUSES,
  type DeliveryAttemptDto,
  type DeliveryDto,
  type DeliveryHistoryDto,
  type DeliveryStatus,
  type FieldOptions,
  meansIdempotencyKey,
  MOST_OVERLAP_SECONDS,
  NestedListField,
  PatternField,
  RefuseMisspelt,
  TextField,
  TextListField,
  UuidField,
  WEBHOOK_EVENTS,
  WEBHOOK_STATES,
  type WebhookDto,
  type WebhookState,
  WholeNumberField,
} from '@sluice/http-api';
import { identifierFault } from '@sluice/kernel';
import { restTime } from '../http/rest-time.js';
import { NULLABLE_TIME } from '../withdrawals/answers/withdrawal.dto.js';

const MAX_URL = 2_048;
const MAX_DESCRIPTION = 256;
const MAX_KEY = 128;
export const DEFAULT_OVERLAP_SECONDS = 86_400;
const IDEMPOTENCY = {
  optional: true,
  description:
    'a repeat with the same key creates nothing and returns the same secret, for a day and while that secret is in use. The header `Idempotency-Key` is equivalent and is not signed',
};

/** A key under an unread name protects nothing: a retry would register a second webhook. */
const meaningOf = (letters: string): string | undefined =>
  meansIdempotencyKey(letters) ? 'idempotency_key' : undefined;

/** Path of a webhook. */
export class WebhookIdParams {
  @UuidField() webhook_id!: string;
}

/** The webhooks service defines the valid events; the document lists the events. */
function EventsField(options: FieldOptions = {}): PropertyDecorator {
  return TextListField(
    { isGood: () => true, expected: 'an event', min: 1 },
    {
      ...options,
      description: 'subscribed events',
      schema: { items: { type: 'string', enum: [...WEBHOOK_EVENTS] }, minItems: 1 },
    },
  );
}

/** New webhook. The webhooks service validates the content. */
@RefuseMisspelt(meaningOf)
export class RegisterWebhookDto {
  @TextField({ max: MAX_URL }, { example: 'https://example.com/webhooks' }) url!: string;
  @EventsField() events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { optional: true, description: 'purpose, for people' })
  description?: string | null;
  @TextField({ max: MAX_KEY, form: identifierFault }, IDEMPOTENCY)
  idempotency_key?: string | null;
}

/** Changes of a webhook; omitted fields stay unchanged. */
@RefuseMisspelt()
export class EditWebhookDto {
  @TextField({ max: MAX_URL }, { optional: true, example: 'https://example.com/webhooks' })
  url?: string | null;
  @EventsField({ optional: true }) events?: readonly string[] | null;
  @TextField(
    { max: MAX_DESCRIPTION },
    { optional: true, description: '`null` removes the description' },
  )
  description?: string | null;
}

@RefuseMisspelt(meaningOf)
export class RotateSecretDto {
  @WholeNumberField(
    { min: 0, max: MOST_OVERLAP_SECONDS },
    {
      optional: true,
      description: `seconds in which the previous secret signs as well; default ${DEFAULT_OVERLAP_SECONDS}. 0 ends the previous secret at once`,
    },
  )
  overlap_seconds?: number | null;
  @TextField({ max: MAX_KEY, form: identifierFault }, IDEMPOTENCY)
  idempotency_key?: string | null;
}

/** An enum of values would break generated clients as soon as a release adds an event. */
const SUBSCRIBED = {
  type: String,
  isArray: true,
  description: `subscribed events: ${WEBHOOK_EVENTS.join(', ')}. New values may appear`,
  example: ['withdrawal.confirmed'],
};

/** Webhook as shown to the account. */
export class RegisteredWebhookDto {
  @UuidField() id!: string;
  @TextField({ max: MAX_URL }) url!: string;
  @ApiProperty(SUBSCRIBED) events!: readonly string[];
  @TextField({ max: MAX_DESCRIPTION }, { nullable: true }) description!: string | null;
  @ChoiceField(WEBHOOK_STATES) state!: WebhookState;
  @ApiProperty({ example: '2026-05-16T22:00:00+00:00' }) created_at!: string;
  @ApiProperty({ ...NULLABLE_TIME, description: 'start of the pause: no event is sent since then' })
  paused_at!: string | null;
  @TextField(
    {},
    {
      nullable: true,
      description:
        '`failures`: every attempt of three days failed; `wish`: an operator paused the webhook. New values may appear',
    },
  )
  paused_because!: string | null;
  @ApiProperty({
    ...NULLABLE_TIME,
    description: 'start of the current failures: every attempt has failed since then',
  })
  failing_since!: string | null;
  @ApiProperty({
    ...NULLABLE_TIME,
    description: 'end of the overlap: until then the previous secret signs as well',
  })
  previous_secret_until!: string | null;
}

/** Webhook with its secret, only in the answers to a registration and to a rotation: store the secret immediately. */
export class NewWebhookDto extends RegisteredWebhookDto {
  @TextField() secret!: string;
}

const MOST = 2_147_483_647;
const MOST_ROWS = 200;
const TIME = { example: '2026-05-16T22:00:00+00:00' };

/** Path of a webhook's delivery. */
export class DeliveryIdParams extends WebhookIdParams {
  @PatternField(/^[1-9]\d{0,14}$/, 'the id of a delivery') delivery_id!: string;
}

/** A page below a number. */
export class PageQuery {
  @PatternField(/^[1-9]\d{0,15}$/, 'the next_cursor of a page', {
    optional: true,
    description: '`next_cursor` of the previous page; omitted for the first page',
    schema: { type: 'integer', minimum: 1, pattern: undefined },
  })
  cursor?: string;
  @WholeNumberField({ min: 1, max: MOST_ROWS }, { optional: true, description: 'default 50' })
  limit?: number;
}

/** An unknown or empty filter is refused: a list without the filter would answer another question. */
export class DeliveriesQuery extends PageQuery {
  @ChoiceField(DELIVERY_STATUSES, { optional: true }) status?: DeliveryStatus;
}

/** Delivery of an event to a webhook. */
export class WebhookDeliveryDto {
  @ApiProperty({ type: 'integer', description: '`id` of the body, equal for every attempt' })
  id!: number;
  @UuidField() webhook_id!: string;
  @TextField() event!: string;
  @ChoiceField(DELIVERY_STATUSES) status!: DeliveryStatus;
  @WholeNumberField(
    { min: 0, max: MOST },
    { description: 'attempts since the delivery was scheduled or redelivered' },
  )
  attempt_count!: number;
  @ApiProperty(NULLABLE_TIME) next_retry_at!: string | null;
  @ApiProperty(TIME) created_at!: string;
  @ApiProperty(NULLABLE_TIME) ended_at!: string | null;
}

/** Delivery request and the result. The receiver's response body and headers are not shown. */
class WebhookAttemptDto {
  @ApiProperty(TIME) started_at!: string;
  @WholeNumberField({ min: 0, max: MOST }, { nullable: true }) duration_ms!: number | null;
  @WholeNumberField(
    { min: 100, max: 999 },
    { nullable: true, description: 'HTTP status; null without a response' },
  )
  http_status!: number | null;
  @TextField(
    {},
    {
      nullable: true,
      description:
        'cause of a missing response: `timeout`, `connection_refused`, `connection_lost`, `unreachable`, `tls`, `not_http` (the bytes are no valid response), `headers_too_large` (above 16 KiB), `name_not_resolved`, `forbidden_address` and others; `forged_delivery`: the row was not written by the service, and nothing was sent; `outcome_unknown`: our process ended before the result was known',
    },
  )
  error!: string | null;
}

export class WebhookDeliveryLogDto extends WebhookDeliveryDto {
  @ApiProperty({ description: 'bytes of the body, equal for every attempt' }) body!: string;
  @NestedListField(() => WebhookAttemptDto) attempts!: readonly WebhookAttemptDto[];
}

/** Converts a webhook to the form shown to the account. */
export function webhookShape(webhook: WebhookDto): RegisteredWebhookDto {
  const { id, url, events, description, state } = webhook;
  return {
    id,
    url,
    events,
    description,
    state,
    created_at: restTime(new Date(webhook.created_at)),
    paused_at: restTimeOf(webhook.paused_at),
    paused_because: webhook.paused_because,
    failing_since: restTimeOf(webhook.failing_since),
    previous_secret_until: restTimeOf(webhook.previous_secret_until),
  };
}

export function deliveryShape(delivery: DeliveryDto): WebhookDeliveryDto {
  const { id, webhook_id, event, status, attempt_count } = delivery;
  return {
    id,
    webhook_id,
    event,
    status,
    attempt_count,
    next_retry_at: restTimeOf(delivery.next_retry_at),
    created_at: restTime(new Date(delivery.created_at)),
    ended_at: restTimeOf(delivery.ended_at),
  };
}

export function deliveryLogShape(delivery: DeliveryHistoryDto): WebhookDeliveryLogDto {
  return {
    ...deliveryShape(delivery),
    body: delivery.body,
    attempts: delivery.attempts.map(attemptShape),
  };
}

/**
 * Omits the receiver's response body: a customer must not be able to read other servers through a
 * webhook URL.
 */
function attemptShape({
  started_at,
  duration_ms,
  status,
  error,
}: DeliveryAttemptDto): WebhookAttemptDto {
  return { started_at: restTime(new Date(started_at)), duration_ms, http_status: status, error };
}

function restTimeOf(text: string | null | undefined): string | null {
  return typeof text === 'string' ? restTime(new Date(text)) : null;
}
