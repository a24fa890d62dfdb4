import { Body, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersPage,
  DeliveryDto,
  DeliveryListQuery,
  type PageOf,
  Refuses,
  RequeuedDto,
  RequeueDto,
  Requires,
  ROLES,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/http-api';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { RequeueDeliveries } from '../deliveries/requeue-deliveries.js';
import { ShowDeliveries } from '../deliveries/show-deliveries.js';
import { SendTestEvent } from './send-test-event.js';
import { ShowWebhooks } from './show-webhooks.js';

const INTAKE = 'service:intake-api';

/** Deliveries of a webhook. */
@AdminController('webhooks')
@UseInterceptors(CustomerScopeInterceptor)
export class DeliveriesOfWebhookController {
  constructor(
    private readonly showing: ShowWebhooks,
    private readonly testing: SendTestEvent,
    private readonly deliveries: ShowDeliveries,
    private readonly requeueing: RequeueDeliveries,
  ) {}

  /** Sends a test event to the webhook. */
  @Post(':id/test')
  @HttpCode(201)
  @Requires('operate', INTAKE)
  @Answers(DeliveryDto)
  @Refuses({
    404: 'no such webhook, or it is another account’s',
    409: 'it is paused',
    429: 'the account sent too many requests in this minute',
  })
  async test(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<DeliveryDto> {
    const {
      body: _body,
      attempts: _attempts,
      ...delivery
    } = await this.deliveries.show(await this.testing.send(id, account));
    return delivery;
  }

  /** The newest first. */
  @Get(':id/deliveries')
  @Requires(...ROLES, INTAKE)
  @AnswersPage(DeliveryDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async listDeliveries(
    @Param() { id }: WebhookParams,
    @Query() query: DeliveryListQuery,
  ): Promise<PageOf<DeliveryDto>> {
    await this.showing.show(id, query.account);
    return this.deliveries.list(id, query);
  }

  /** Requeues failed deliveries scheduled from `from` (inclusive) to `to` (exclusive). */
  @Post(':id/requeue')
  @HttpCode(200)
  @Requires('operate')
  @Answers(RequeuedDto)
  @Refuses({ 404: 'no such webhook' })
  async requeue(
    @Param() { id }: WebhookParams,
    @Body() { from, to }: RequeueDto,
  ): Promise<RequeuedDto> {
    return { requeued: await this.requeueing.requeueFailed(id, new Date(from), new Date(to)) };
  }
}
