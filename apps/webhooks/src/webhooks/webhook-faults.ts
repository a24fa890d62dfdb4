import { Injectable } from '@nestjs/common';
import { ApiError, WEBHOOK_EVENTS } from '@sluice/http-api';
import { InjectConfig } from '@sluice/service-shell';
import { NameCheck } from '../guard/name-check.js';
import { hostOf, readWebhookUrl, type UrlRules } from '../guard/webhook-url.js';

/** Validates the URL and the subscribed events of a webhook. */
@Injectable()
export class WebhookFaults {
  constructor(
    private readonly names: NameCheck,
    @InjectConfig() private readonly config: UrlRules,
  ) {}

  /** Throws 400 with every fault as `field: reason`. */
  async refuse({
    url,
    events = [],
  }: {
    readonly url?: string | undefined;
    readonly events?: readonly string[] | undefined;
  }): Promise<void> {
    const ofUrl = url === undefined ? [] : await this.urlFaults(url);
    const faults = [...ofUrl, ...eventFaults(events)];
    if (faults.length > 0) throw new ApiError(400, faults.join('; '));
  }

  private async urlFaults(text: string): Promise<readonly string[]> {
    const read = readWebhookUrl(text, this.config);
    if (!read.ok) return [`url: ${read.refusal}`];
    const fault = await this.names.faultOf(hostOf(read.value));
    return fault === null ? [] : [`url: ${fault}`];
  }
}

function eventFaults(events: readonly string[]): readonly string[] {
  const unknown = events.find((event) => !WEBHOOK_EVENTS.some((known) => known === event));
  return unknown === undefined
    ? []
    : [`events: ${JSON.stringify(unknown)} is not one of ${WEBHOOK_EVENTS.join(', ')}`];
}
