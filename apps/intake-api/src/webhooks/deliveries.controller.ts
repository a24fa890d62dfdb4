import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, AnswersNumberedPage, NumberedPageOf } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { MayRefuse, Ours } from '../http/may-refuse.js';
import { PublicController } from '../api-keys/public-controller.js';
import {
  DeliveriesQuery,
  DeliveryIdParams,
  WebhookDeliveryDto,
  WebhookDeliveryLogDto,
} from './delivery.dto.js';
import { deliveryLogShape, deliveryShape } from './webhook-shapes.js';
import { WebhookIdParams } from './webhook.dto.js';
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
