import { Body, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  AnswersPage,
  CreatedWebhookDto,
  CreateWebhookDto,
  DeliveryDto,
  DeliveryListQuery,
  EditWebhookDto,
  type PageOf,
  Refuses,
  RequeuedDto,
  RequeueDto,
  Requires,
  RewrappedKeysDto,
  ROLES,
  RotateSecretDto,
  WebhookDto,
  WebhookListQuery,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/http-api';
import { RequeueDeliveries } from '../deliveries/requeue-deliveries.js';
import { ShowDeliveries } from '../deliveries/show-deliveries.js';
import { ChangeWebhook } from './change-webhook.js';
import { CreateWebhook } from './create-webhook.js';
import { EditWebhook } from './edit-webhook.js';
import { RewrapSecrets } from '../secrets/rewrap-secrets.js';
import { RotateSecret } from './rotate-secret.js';
import { SendTestEvent } from './send-test-event.js';
import { ShowWebhooks } from './show-webhooks.js';
import { webhookDto } from './webhook-view.js';

const INTAKE = 'service:intake-api';

/** Webhooks of accounts, for operators, and for intake-api on behalf of customers. */
@AdminController('webhooks')
export class WebhooksController {
  constructor(
    private readonly creating: CreateWebhook,
    private readonly showing: ShowWebhooks,
    private readonly changing: ChangeWebhook,
    private readonly editing: EditWebhook,
    private readonly rotating: RotateSecret,
    private readonly testing: SendTestEvent,
    private readonly deliveries: ShowDeliveries,
    private readonly requeueing: RequeueDeliveries,
    private readonly rewrapping: RewrapSecrets,
  ) {}

  /**
   * Registers a webhook. Only this answer contains the secret, as do repeats with the same
   * idempotency key for a day.
   */
  @Post()
  @HttpCode(201)
  @Requires('operate', INTAKE)
  @Answers(CreatedWebhookDto)
  @Refuses({
    400: 'a URL where no webhook may lead, or an unknown event, as `field: reason`',
    409: 'the account has as many as it may have, or the idempotency key belongs to another request',
  })
  async create(@Body() body: CreateWebhookDto): Promise<CreatedWebhookDto> {
    const { webhook, ...answered } = await this.creating.create({
      accountId: body.account,
      url: body.url,
      events: body.events,
      description: body.description ?? null,
      idempotencyKey: body.idempotency_key ?? null,
    });
    return { ...webhookDto(webhook), ...answered };
  }

  /**
   * Seals every secret of another SECRETS_KEK again with the current key; afterwards the other key
   * is no longer needed.
   */
  @Post('rewrap')
  @HttpCode(200)
  @Requires('administer')
  @Answers(RewrappedKeysDto)
  @Refuses()
  rewrap(): Promise<RewrappedKeysDto> {
    return this.rewrapping.rewrap();
  }

  /** Lists all webhooks of an account except deleted webhooks, oldest first. */
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

  /**
   * Reserved for the customer: an operator could redirect a webhook and read the data of the
   * customer.
   */
  @Patch(':id')
  @Requires(INTAKE)
  @Answers(WebhookDto)
  @Refuses({
    400: 'a URL where no webhook may lead, or an unknown event, as `field: reason`',
    404: 'no such webhook, or it is another account’s, or deleted',
  })
  async edit(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
    @Body() change: EditWebhookDto,
  ): Promise<WebhookDto> {
    const { url, events, description } = change;
    return webhookDto(
      await this.editing.edit(id, account, {
        url: url ?? undefined,
        events: events ?? undefined,
        description,
      }),
    );
  }

  /**
   * Reserved for the customer. The answer contains the new secret; the previous secret signs in
   * parallel for a limited time.
   */
  @Post(':id/rotate')
  @HttpCode(200)
  @Requires(INTAKE)
  @Answers(CreatedWebhookDto)
  @Refuses({
    404: 'no such webhook, or it is another account’s, or deleted',
    409: 'the last rotation goes on, or the idempotency key belongs to another request',
  })
  async rotate(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
    @Body() { overlap_seconds: overlapSeconds, idempotency_key: key }: RotateSecretDto,
  ): Promise<CreatedWebhookDto> {
    const rotation = { account, overlapSeconds, idempotencyKey: key ?? null };
    const { webhook, ...answered } = await this.rotating.rotate(id, rotation);
    return { ...webhookDto(webhook), ...answered };
  }

  /** Deletes a webhook permanently: no more deliveries are sent, and the secret is removed. */
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

  /** Pauses a webhook: later events wait until the webhook is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  @Requires('operate')
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook' })
  async pause(@Param() { id }: WebhookParams): Promise<WebhookDto> {
    return webhookDto(await this.changing.pause(id));
  }

  /** Resumes a webhook and sends waiting deliveries now. */
  @Post(':id/resume')
  @HttpCode(200)
  @Requires('operate', INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async resume(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<WebhookDto> {
    return webhookDto(await this.changing.resume(id, account));
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
