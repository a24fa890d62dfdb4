import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { Answers, AnswersNumberedPage, NumberedPageOf } from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { MayRefuse, Ours } from '../http/may-refuse.js';
import { PublicController } from '../http/public-controller.js';
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
    summary: 'Send a webhook a test event',
    description:
      'Its name is `webhook.test`; it needs no subscription. Tests and redeliveries of an account are at most 30 in a minute.',
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
    description: 'Newest first. `next_cursor` of an answer is the `cursor` of the next request.',
  })
  @AnswersNumberedPage(WebhookDeliveryDto)
  @MayRefuse('webhook_not_found')
  async list(
    @Param() { webhook_id }: WebhookIdParams,
    @Query() query: DeliveriesQuery,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<NumberedPageOf<WebhookDeliveryDto>> {
    const { data, next_cursor: next } = await this.webhooks.deliveries(webhook_id, {
      ...{ ...query, account },
    });
    return new NumberedPageOf(data.map(deliveryShape), next === null ? null : Number(next));
  }

  @Get(':webhook_id/deliveries/:delivery_id')
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'getDelivery',
    summary: 'Look at a delivery and its attempts',
    description: 'The oldest attempt first.',
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
    summary: 'Send a delivery again',
    description:
      'The same bytes under the same id, signed anew, with all seven attempts again. One that is delivered already is sent again too.',
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
