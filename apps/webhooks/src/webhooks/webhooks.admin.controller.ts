import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  AdminController,
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveryDto,
  DeliveryListQuery,
  Refuses,
  RequeueDto,
  RequeuedDto,
  Requires,
  RewrappedKeysDto,
  ROLES,
  WebhookDto,
  WebhookListQuery,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/admin-api';
import { Answers, AnswersList, AnswersPage, type PageOf } from '@sluice/http-api';
import { RequeueDeliveries } from '../deliveries/requeue-deliveries.js';
import { ShowDeliveries } from '../deliveries/show-deliveries.js';
import { ChangeWebhook } from './change-webhook.js';
import { CreateWebhook } from './create-webhook.js';
import { RewrapSecrets } from './rewrap-secrets.js';
import { SendTestEvent } from './send-test-event.js';
import { ShowWebhooks } from './show-webhooks.js';
import { webhookDto } from './webhook-view.js';

const INTAKE = 'service:intake-api';

/** Webhooks of accounts, for operators, and for intake-api on behalf of its customers. */
@AdminController('webhooks')
export class WebhooksController {
  constructor(
    private readonly creating: CreateWebhook,
    private readonly showing: ShowWebhooks,
    private readonly changing: ChangeWebhook,
    private readonly testing: SendTestEvent,
    private readonly deliveries: ShowDeliveries,
    private readonly requeueing: RequeueDeliveries,
    private readonly rewrapping: RewrapSecrets,
  ) {}

  /** Its secret is answered here once and never again: who loses it deletes the webhook and registers another one. */
  @Post()
  @HttpCode(201)
  @Requires('operate', INTAKE)
  @Answers(CreatedWebhookDto)
  @Refuses({
    400: 'a URL where no webhook may lead, or an unknown event, as `field: reason`',
    409: 'the account has as many as it may have',
  })
  async create(@Body() body: CreateWebhookDto): Promise<CreatedWebhookDto> {
    const { webhook, secret } = await this.creating.create({
      ...{ accountId: body.account, url: body.url, events: body.events },
      description: body.description ?? null,
    });
    return { ...webhookDto(webhook), secret };
  }

  /** Seals every secret anew that another SECRETS_KEK has sealed; after that the other one is needed no more. */
  @Post('rewrap')
  @HttpCode(200)
  @Requires('administer')
  @Answers(RewrappedKeysDto)
  @Refuses()
  rewrap(): Promise<RewrappedKeysDto> {
    return this.rewrapping.rewrap();
  }

  /** All of an account but the deleted ones, the oldest first. */
  @Get()
  @Requires(...ROLES, INTAKE)
  @AnswersList(WebhookDto)
  async list(@Query() { account }: WebhookListQuery): Promise<WebhookDto[]> {
    return (await this.showing.list(account)).map(webhookDto);
  }

  @Get(':id')
  @Requires(...ROLES, INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async show(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<WebhookDto> {
    return webhookDto(await this.showing.show(id, account));
  }

  /** For good: nothing is sent to it any more, and its secret is forgotten. */
  @Delete(':id')
  @Requires('operate', INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s, or deleted' })
  async delete(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<WebhookDto> {
    return webhookDto(await this.changing.delete(id, account));
  }

  /** Sends it an event that is none. */
  @Post(':id/test')
  @HttpCode(201)
  @Requires('operate')
  @Answers(DeliveryDto)
  @Refuses({ 404: 'no such webhook', 409: 'it is paused' })
  async test(@Param() { id }: WebhookParams): Promise<DeliveryDto> {
    const {
      body: _body,
      attempts: _attempts,
      ...delivery
    } = await this.deliveries.show(await this.testing.send(id));
    return delivery;
  }

  /** What happens from now on waits until it is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  @Requires('operate')
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook' })
  async pause(@Param() { id }: WebhookParams): Promise<WebhookDto> {
    return webhookDto(await this.changing.pause(id));
  }

  /** What has waited is sent now. */
  @Post(':id/resume')
  @HttpCode(200)
  @Requires('operate')
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook' })
  async resume(@Param() { id }: WebhookParams): Promise<WebhookDto> {
    return webhookDto(await this.changing.resume(id));
  }

  /** The newest first. */
  @Get(':id/deliveries')
  @Requires(...ROLES)
  @AnswersPage(DeliveryDto)
  @Refuses({ 404: 'no such webhook' })
  async listDeliveries(
    @Param() { id }: WebhookParams,
    @Query() query: DeliveryListQuery,
  ): Promise<PageOf<DeliveryDto>> {
    await this.showing.show(id);
    return this.deliveries.list(id, query);
  }

  /** Those that have failed and were scheduled from one moment until before another, sent again. */
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
