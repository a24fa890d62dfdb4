import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import {
  Answers,
  AnswersNumberedPage,
  ChoiceField,
  ClientReferenceField,
  NumberedPageOf,
  PatternField,
  RefuseMisspelt,
  WEBHOOK_EVENTS,
} from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { PublicController } from '../api-keys/public-controller.js';
import { MayRefuse, Ours } from '../http/public-error.js';
import { meantOfList, MomentField, momentOf } from '../withdrawals/listing/listing.dto.js';
import {
  DeliveriesQuery,
  DeliveryIdParams,
  deliveryLogShape,
  deliveryShape,
  PageQuery,
  WebhookDeliveryDto,
  WebhookDeliveryLogDto,
  WebhookIdParams,
} from './webhook.dto.js';
import { WebhooksClient } from './webhooks-client.js';

/** Deliveries of the account's webhooks and their results. */
@PublicController('v1/webhooks')
export class WebhookDeliveriesController {
  constructor(private readonly webhooks: WebhooksClient) {}

  @Post(':webhook_id/test')
  @HttpCode(200)
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'testWebhook',
    summary: 'Send a test event',
    description:
      'The event is `webhook.test` and needs no subscription. An account may send 30 tests and redeliveries per minute.',
  })
  @Answers(WebhookDeliveryDto)
  @MayRefuse('webhook_not_found', 'webhook_paused')
  async test(
    @Param() { webhook_id }: WebhookIdParams,
    @Caller() { accountId }: ApiKey,
  ): Promise<WebhookDeliveryDto> {
    return deliveryShape(await this.webhooks.test(webhook_id, accountId));
  }

  @Get(':webhook_id/deliveries')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'List the deliveries of a webhook',
    description:
      'Newest first. Pass `next_cursor` of the response as `cursor` of the next request.',
  })
  @AnswersNumberedPage(WebhookDeliveryDto)
  @MayRefuse('webhook_not_found')
  async list(
    @Param() { webhook_id }: WebhookIdParams,
    @Query() query: DeliveriesQuery,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<NumberedPageOf<WebhookDeliveryDto>> {
    const { data, next_cursor: next } = await this.webhooks.deliveries(webhook_id, {
      ...query,
      account,
    });
    return new NumberedPageOf(data.map(deliveryShape), next === null ? null : Number(next));
  }

  @Get(':webhook_id/deliveries/:delivery_id')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'getDelivery',
    summary: 'Get a delivery and its attempts',
    description: 'Oldest attempt first.',
  })
  @Answers(WebhookDeliveryLogDto)
  @MayRefuse('delivery_not_found')
  async show(
    @Param() { webhook_id: webhook, delivery_id: id }: DeliveryIdParams,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<WebhookDeliveryLogDto> {
    return deliveryLogShape(await this.webhooks.delivery({ account, webhook, id }));
  }

  @Post(':webhook_id/deliveries/:delivery_id/redeliver')
  @HttpCode(200)
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'redeliver',
    summary: 'Redeliver',
    description:
      'Sends the same bytes under the same id with a new signature, and up to seven attempts. A successful delivery can be sent again as well.',
  })
  @Answers(WebhookDeliveryDto)
  @MayRefuse('delivery_not_found', 'webhook_not_found', 'delivery_under_way')
  async redeliver(
    @Param() { webhook_id: webhook, delivery_id: id }: DeliveryIdParams,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<WebhookDeliveryDto> {
    return deliveryShape(await this.webhooks.redeliver({ account, webhook, id }));
  }
}

/** An unknown or empty filter is refused: a list without the filter would answer another question. */
@RefuseMisspelt(meantOfList)
class EventsQuery extends PageQuery {
  @ChoiceField(WEBHOOK_EVENTS, { optional: true }) event?: string;
  @PatternField(/^[1-9]\d{0,15}$/, 'the id of a withdrawal', {
    optional: true,
    schema: { type: 'integer', minimum: 1, pattern: undefined },
  })
  withdrawal_id?: string;
  @ClientReferenceField({ optional: true }) client_reference?: string;
  @MomentField('scheduled then or later') created_since?: string;
  @MomentField('scheduled before then') created_before?: string;
}

/** Body as sent to webhooks, with the event's own id. */
class EventDto {
  @ApiProperty({
    type: 'integer',
    description: 'id of the event; each delivery of the event has a separate id',
  })
  id!: number;
  @ApiProperty({ example: 'withdrawal.confirmed' }) event!: string;
  @ApiProperty({ example: '2026-05-16T22:00:00Z' }) created_at!: string;
  @ApiProperty({ example: '1' }) api_version!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: Readonly<Record<string, unknown>>;
}

/** Events of the caller's account, including events not sent to any webhook. */
@PublicController('v1/events')
export class EventsController {
  constructor(private readonly webhooks: WebhooksClient) {}

  @Get()
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List the events of the account',
    description:
      'Newest first, with the bodies of the webhooks. Pass `next_cursor` of the response as `cursor` of the next request.',
  })
  @AnswersNumberedPage(EventDto)
  @MayRefuse('not_found')
  async list(
    @Query() { created_since, created_before, ...query }: EventsQuery,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<NumberedPageOf<EventDto>> {
    const [since, before] = [momentOf(created_since), momentOf(created_before)];
    const { data, next_cursor: next } = await this.webhooks.events({
      ...query,
      account,
      ...(since && { since: since.toISOString() }),
      ...(before && { before: before.toISOString() }),
    });
    return new NumberedPageOf([...data], next === null ? null : Number(next));
  }
}
