import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type CreatedWebhookDto,
  type SubscribedEvent,
  WEBHOOK_EVENTS,
} from '@sluice/http-api';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { SecretBox } from '@sluice/signing';
import { CREATED_EVENT, webhookTime } from '../events/event-body.js';
import { type AccountEvent, scheduleDeliveries } from '../events/schedule-deliveries.js';
import { NameCheck } from '../guard/guarded-lookup.js';
import { hostOf, readWebhookUrl, type UrlRules } from '../guard/webhook-url.js';
import {
  earlierRequest,
  meaningOf,
  newWebhookSecret,
  rememberRequest,
  type SecretRequest,
} from '../secrets/webhook-secret.js';
import { Sender } from '../sending/sender.js';
import { DeliverySeals } from '../trust/delivery-seals.js';
import { type NewWebhook, WebhookAgreement } from './webhook-agreement.js';
import { type AnsweredSecret, createdWebhookDto, presentSecret } from './webhook-view.js';
import { WebhookEntity } from './webhook.entity.js';

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

type CreatedWebhook = Pick<WebhookEntity, 'id' | 'accountId' | 'url' | 'events' | 'createdAt'>;

/** Notice to the other webhooks of an account that people have added a webhook. */
@Injectable()
export class CreatedNotice {
  constructor(
    private readonly seals: DeliverySeals,
    private readonly sender: Sender,
  ) {}

  /** Stores the deliveries. Returns the webhooks to pass to `send` after the commit. */
  schedule(tx: Tx, created: CreatedWebhook): Promise<readonly string[]> {
    return scheduleDeliveries(tx, this.seals, [createdEvent(created)]);
  }

  send(webhooks: readonly string[]): void {
    this.sender.wake(webhooks);
  }
}

/** Notice about a webhook created by operators, to every other webhook of the account. */
function createdEvent({ id, accountId, url, events, createdAt }: CreatedWebhook): AccountEvent {
  return {
    accountId,
    event: CREATED_EVENT,
    data: {
      webhook_id: id,
      url,
      events,
      created_by: 'operator',
      created_at: webhookTime(createdAt),
    },
    exceptWebhookId: id,
  };
}

const MOST_OF_AN_ACCOUNT = 50;

/**
 * Registers a webhook, or refuses with 400 and each fault as `field: reason`. A repeat is answered
 * before the checks: the name may resolve differently now. A person needs a second one, and the
 * account's other webhooks report it.
 */
@Injectable()
export class CreateWebhook {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly box: SecretBox,
    private readonly faults: WebhookFaults,
    private readonly notice: CreatedNotice,
    private readonly agreement: WebhookAgreement,
  ) {
    agreement.register((wish, caller) => this.create(wish, caller));
  }

  /** Returns the webhook with its secret, or the awaited approval of a person's request. */
  async create(wish: NewWebhook, caller: Caller): Promise<CreatedWebhookDto | AwaitedDto> {
    this.agreement.refuseSecretFor(caller);
    const { accountId, url, description, idempotencyKey } = wish;
    const events = [...new Set(wish.events)] as SubscribedEvent[];
    // A person's repeat never shows the secret of a customer's request with the same key.
    const asked = [caller.kind === 'person' ? 'register by two' : 'register'];
    const request = { accountId, idempotencyKey, asked: [...asked, url, events, description] };
    if (idempotencyKey !== null) {
      const earlier = await this.unitOfWork.run((tx) => this.answeredBefore(tx, request));
      if (earlier !== null) return createdWebhookDto(earlier);
    }
    await this.faults.refuse(wish);
    let wake: readonly string[] = [];
    const answer = await this.unitOfWork.run(async (tx) => {
      const earlier = await this.answeredBefore(tx, request); // an equal request may have ended meanwhile
      if (earlier !== null) return createdWebhookDto(earlier);
      await requireCapacity(tx, accountId);
      const awaited = await this.agreement.awaited(tx, wish, caller);
      if (awaited !== null) return awaited;
      const created = this.made({ accountId, url, events, description }, await tx.now());
      await tx.repository(WebhookEntity).insert(created.row);
      const { id: webhookId, createdAt: madeAt } = created.row;
      await rememberRequest(tx, request, { webhookId, madeAt });
      if (caller.kind === 'person') wake = await this.notice.schedule(tx, created.row);
      return createdWebhookDto({ webhook: created.row, secret: created.secret, replayed: false });
    });
    this.notice.send(wake);
    return answer;
  }

  private async answeredBefore(tx: Tx, request: SecretRequest): Promise<AnsweredSecret | null> {
    const earlier = await earlierRequest(tx, request);
    if (earlier === null) return null;
    return { ...(await presentSecret(tx, this.box, earlier.webhookId)), replayed: true };
  }

  private made(
    wish: Pick<NewWebhook, 'accountId' | 'url' | 'description'> & { events: SubscribedEvent[] },
    createdAt: Date,
  ) {
    const secret = newWebhookSecret();
    const id = randomUUIDv7();
    const row = {
      ...wish,
      id,
      createdAt,
      state: 'enabled' as const,
      revision: 0,
      sealed: this.box.seal(secret, id, meaningOf({ ...wish, id })),
      secretSince: null,
      previousSealed: null,
      previousUntil: null,
      formerly: [],
      pausedAt: null,
      pausedBecause: null,
      failingSince: null,
      failedAt: null,
      deletedAt: null,
    };
    return { row, secret };
  }
}

/** Throws 409 at the limit; `earlierRequest` serializes an account's registrations. */
async function requireCapacity(tx: Tx, accountId: string): Promise<void> {
  const [row] = await tx.query<{ webhooks: number }>(
    `SELECT count(*)::integer AS webhooks FROM webhook WHERE account_id = $1 AND state <> 'deleted'`,
    [accountId],
  );
  if ((row?.webhooks ?? 0) >= MOST_OF_AN_ACCOUNT)
    throw ApiError.conflict(`An account may have ${MOST_OF_AN_ACCOUNT} webhooks`);
}
