import {
  Body,
  Get,
  HttpCode,
  Injectable,
  Param,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersPage,
  ApiError,
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
import { UnitOfWork } from '@sluice/postgres';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { RequeueDeliveries, ShowDeliveries } from '../deliveries/deliveries.js';
import { TEST_EVENT } from '../events/event-body.js';
import { scheduleDelivery } from '../events/schedule-deliveries.js';
import { allowSend } from '../sending/claim-deliveries.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { ShowWebhooks } from './webhook-view.js';
import { WebhookEntity } from './webhook.entity.js';

/**
 * Sends a test event to check arrival and verification of webhooks. The event is sent like any
 * other, regardless of the subscribed events.
 */
@Injectable()
export class SendTestEvent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sender: Sender,
    private readonly seals: DeliverySeals,
  ) {}

  /**
   * Returns the delivery number. Throws 404 if the webhook is missing, 409 if paused, and 429 if
   * the account has requested too many sends.
   */
  async send(webhookId: string, account?: string): Promise<string> {
    const deliveryId = await this.unitOfWork.run(async (tx) => {
      const webhook = await tx
        .repository(WebhookEntity)
        .findOne({ where: { id: webhookId }, lock: { mode: 'pessimistic_read' } });
      const isTheirs = account === undefined || webhook?.accountId === account;
      if (webhook === null || webhook.state === 'deleted' || !isTheirs)
        throw ApiError.notFound('Webhook not found');
      if (webhook.state === 'paused') throw ApiError.conflict('This webhook is paused');
      if (account !== undefined) await allowSend(tx, account);
      return scheduleDelivery(tx, this.seals, webhook, {
        event: TEST_EVENT,
        data: { webhook_id: webhookId, message: 'This is a test' },
      });
    });
    this.sender.wake([webhookId]);
    return deliveryId;
  }
}

const INTAKE = 'service:intake-api';

/** Deliveries of a webhook. */
@AdminController('webhooks')
@UseInterceptors(CustomerScopeInterceptor)
export class DeliveriesOfWebhookController {
  constructor(
    private readonly showing: ShowWebhooks,
    private readonly testing: SendTestEvent,
    private readonly store: ShowDeliveries,
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
  async testWebhook(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<DeliveryDto> {
    const {
      body: _body,
      attempts: _attempts,
      ...delivery
    } = await this.store.show(await this.testing.send(id, account));
    return delivery;
  }

  /** The newest first. */
  @Get(':id/deliveries')
  @Requires(...ROLES, INTAKE)
  @AnswersPage(DeliveryDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async deliveries(
    @Param() { id }: WebhookParams,
    @Query() query: DeliveryListQuery,
  ): Promise<PageOf<DeliveryDto>> {
    await this.showing.show(id, query.account);
    return this.store.list(id, query);
  }

  /** Requeues failed deliveries scheduled from `from` (inclusive) to `to` (exclusive). */
  @Post(':id/requeue')
  @HttpCode(200)
  @Requires('operate')
  @Answers(RequeuedDto)
  @Refuses({ 404: 'no such webhook' })
  async requeueDeliveries(
    @Param() { id }: WebhookParams,
    @Body() { from, to }: RequeueDto,
  ): Promise<RequeuedDto> {
    return { requeued: await this.requeueing.requeueFailed(id, new Date(from), new Date(to)) };
  }
}
