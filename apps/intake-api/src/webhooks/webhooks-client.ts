import { Injectable } from '@nestjs/common';
import type { CreatedWebhookDto, CreateWebhookDto, WebhookDto } from '@sluice/admin-api';
import { AdminError, WebhooksAdmin } from '@sluice/admin-client';
import { InjectConfig, InjectPlatform, type Platform } from '@sluice/service-shell';
import { answeredToUs, passingRefusalsOn, targetOf, type CallingConfig } from '../asked-service.js';
import type { IntakeConfig } from '../config.js';
import { PublicError } from '../http/public-error.js';

/**
 * What intake-api asks the service of webhooks for its customers; an account is told of its own alone. Throws ServiceAwayError when it
 * cannot be asked, and `not_found` where there is no such service.
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
    return answeredToUs(this.service().webhooks(account));
  }

  /** What it refuses is refused with its own status and sentence. */
  register(webhook: CreateWebhookDto): Promise<CreatedWebhookDto> {
    return passingRefusalsOn(answeredToUs(this.service().createWebhook(webhook)));
  }

  /** Throws `webhook_not_found` for another account's as for none. */
  show(id: string, account: string): Promise<WebhookDto> {
    return orNotFound(this.service().webhook(id, account));
  }

  /** Throws `webhook_not_found` for another account's as for none. */
  delete(id: string, account: string): Promise<WebhookDto> {
    return orNotFound(this.service().deleteWebhook(id, account));
  }

  private service(): WebhooksAdmin {
    if (this.webhooks === null) throw PublicError.of('not_found');
    return this.webhooks;
  }
}

async function orNotFound<T>(asked: Promise<T>): Promise<T> {
  try {
    return await answeredToUs(asked);
  } catch (error) {
    if (error instanceof AdminError && error.status === 404)
      throw PublicError.of('webhook_not_found');
    throw error;
  }
}
