import { Injectable } from '@nestjs/common';
import {
  type AccountEventDto,
  type AccountEventsQuery,
  ApiError,
  type CreatedWebhookDto,
  type CreateWebhookDto,
  type DeliveryDto,
  type DeliveryHistoryDto,
  type DeliveryListQuery,
  type EditWebhookDto,
  type Page,
  type RotateSecretDto,
  type WebhookDto,
} from '@sluice/http-api';
import { AdminError, isAwaited, WebhooksAdmin } from '@sluice/admin-client';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import { answeredToUs, targetOf, type CallingConfig } from '../other-services/asked-service.js';
import type { IntakeConfig } from '../settings/intake-settings.js';
import { PUBLIC_ERRORS, PublicError, type PublicErrorKind } from '../http/public-error.js';

interface DeliveryOf {
  readonly account: string;
  readonly webhook: string;
  readonly id: string;
}

/**
 * Client of the webhooks service for one account. Throws ServiceAwayError if unavailable,
 * `not_found` if not configured, and passes refusals on.
 */
@Injectable()
export class WebhooksClient {
  private readonly webhooks: WebhooksAdmin | null;

  constructor(
    @InjectConfig() config: CallingConfig & Pick<IntakeConfig, 'webhooksUrl'>,
    @InjectPlatform() platform: Pick<Platform, 'name' | 'clock'>,
  ) {
    const { webhooksUrl } = config;
    this.webhooks =
      webhooksUrl === ''
        ? null
        : new WebhooksAdmin(targetOf('webhooks', webhooksUrl, config, platform));
  }

  list(account: string): Promise<readonly WebhookDto[]> {
    return answeredToUs(this.service().webhooks({ account }));
  }

  async register(webhook: CreateWebhookDto): Promise<CreatedWebhookDto> {
    const created = await passedOn(this.service().createWebhook(webhook));
    if (isAwaited(created)) throw new Error('webhooks awaits an approval of a customer’s request');
    return created;
  }

  show(id: string, account: string): Promise<WebhookDto> {
    return passedOn(this.service().webhook(id, { account }));
  }

  edit(id: string, account: string, change: EditWebhookDto): Promise<WebhookDto> {
    return passedOn(this.service().editWebhook(id, { account }, change));
  }

  rotate(id: string, account: string, wish: RotateSecretDto): Promise<CreatedWebhookDto> {
    return passedOn(this.service().rotateWebhook(id, { account }, wish));
  }

  delete(id: string, account: string): Promise<WebhookDto> {
    return passedOn(this.service().deleteWebhook(id, { account }));
  }

  test(id: string, account: string): Promise<DeliveryDto> {
    return passedOn(this.service().testWebhook(id, { account }));
  }

  resume(id: string, account: string): Promise<WebhookDto> {
    return passedOn(this.service().resumeWebhook(id, { account }));
  }

  deliveries(
    id: string,
    query: DeliveryListQuery & { readonly account: string },
  ): Promise<Page<DeliveryDto>> {
    return passedOn(this.service().deliveries(id, query));
  }

  delivery({ id, ...owner }: DeliveryOf): Promise<DeliveryHistoryDto> {
    return passedOn(this.service().delivery(id, owner));
  }

  redeliver({ id, ...owner }: DeliveryOf): Promise<DeliveryDto> {
    return passedOn(this.service().requeueDelivery(id, owner));
  }

  events(query: AccountEventsQuery): Promise<Page<AccountEventDto>> {
    return passedOn(this.service().events(query));
  }

  private service(): WebhooksAdmin {
    if (this.webhooks === null) throw PublicError.of('not_found');
    return this.webhooks;
  }
}

/** Refusals known to the public API, by the start of the message. */
const KNOWN = (
  [
    'webhook_not_found',
    'delivery_not_found',
    'too_many_webhooks',
    'idempotency_key_used',
    'secret_being_replaced',
    'webhook_paused',
    'delivery_under_way',
    'rate_limited',
  ] as const satisfies readonly PublicErrorKind[]
).map((kind) => [...PUBLIC_ERRORS[kind], kind] as const);

/** Passes refusals on; a field fault has the same form as other field faults of this API. */
async function passedOn<T>(asked: Promise<T>): Promise<T> {
  try {
    return await answeredToUs(asked);
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const { status, failure } = error;
    const known = KNOWN.find(
      ([own, sentence]) => own === status && failure.message.startsWith(sentence),
    );
    if (known) throw PublicError.of(known[2]);
    if (status === 404) throw PublicError.of('webhook_not_found');
    if (status === 409) throw PublicError.of('webhook_not_found'); // the webhook of a delivery is deleted
    throw ApiError.invalid([failure.message]);
  }
}
