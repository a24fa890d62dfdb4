import {
  Body,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  AnswersList,
  type AwaitedDto,
  type Caller,
  CallerOf,
  CreatedWebhookDto,
  CreateWebhookDto,
  EditWebhookDto,
  MayAwait,
  Refuses,
  Requires,
  ROLES,
  WebhookDto,
  WebhookListQuery,
  WebhookOwnerQuery,
  WebhookParams,
} from '@sluice/http-api';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { ChangeWebhook, EditWebhook } from './edit-webhook.js';
import { CreateWebhook } from './create-webhook.js';
import { ShowWebhooks, webhookDto } from './webhook-view.js';

const INTAKE = 'service:intake-api';

/** Webhooks of accounts, for operators, and for intake-api on behalf of customers. */
@AdminController('webhooks')
@UseInterceptors(CustomerScopeInterceptor)
export class WebhooksController {
  constructor(
    private readonly creating: CreateWebhook,
    private readonly showing: ShowWebhooks,
    private readonly changing: ChangeWebhook,
    private readonly editing: EditWebhook,
  ) {}

  /**
   * Registers a webhook. Only this answer contains the secret, as do repeats with the same
   * idempotency key for a day. A person's request awaits a second person, who gets the secret. It
   * is refused (403) for tokens that need a passkey: their server would see the secret.
   */
  @Post()
  @HttpCode(201)
  @Requires('operate', INTAKE)
  @Answers(CreatedWebhookDto)
  @MayAwait()
  @Refuses({
    400: 'a URL where no webhook may lead, or an unknown event, as `field: reason`',
    409: 'the account has as many as it may have, or the idempotency key belongs to another request',
  })
  async createWebhook(
    @Body() body: CreateWebhookDto,
    @CallerOf() caller: Caller,
  ): Promise<CreatedWebhookDto | Accepted<AwaitedDto>> {
    const wish = {
      accountId: body.account,
      url: body.url,
      events: body.events,
      description: body.description ?? null,
      idempotencyKey: body.idempotency_key ?? null,
    };
    return acceptedWhenAwaited(await this.creating.create(wish, caller));
  }

  /** Lists all webhooks of an account except deleted webhooks, oldest first. */
  @Get()
  @Requires(...ROLES, INTAKE)
  @AnswersList(WebhookDto)
  async webhooks(@Query() { account }: WebhookListQuery): Promise<WebhookDto[]> {
    return (await this.showing.list(account)).map(webhookDto);
  }

  @Get(':id')
  @Requires(...ROLES, INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async webhook(
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
  async editWebhook(
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

  /** Deletes a webhook permanently: no more deliveries are sent, and the secret is removed. */
  @Delete(':id')
  @Requires('operate', INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s, or deleted' })
  async deleteWebhook(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<WebhookDto> {
    return webhookDto(await this.changing.delete(id, account));
  }

  /** Pauses a webhook: later events wait until the webhook is resumed. */
  @Post(':id/pause')
  @HttpCode(200)
  @Requires('operate')
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook' })
  async pauseWebhook(@Param() { id }: WebhookParams): Promise<WebhookDto> {
    return webhookDto(await this.changing.pause(id));
  }

  /** Resumes a webhook and sends waiting deliveries now. */
  @Post(':id/resume')
  @HttpCode(200)
  @Requires('operate', INTAKE)
  @Answers(WebhookDto)
  @Refuses({ 404: 'no such webhook, or it is another account’s' })
  async resumeWebhook(
    @Param() { id }: WebhookParams,
    @Query() { account }: WebhookOwnerQuery,
  ): Promise<WebhookDto> {
    return webhookDto(await this.changing.resume(id, account));
  }
}
