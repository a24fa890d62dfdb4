import { Injectable } from '@nestjs/common';
import { ApiError, type AwaitedDto, type Caller } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import { Approvals, PasskeyRule } from '@sluice/service-shell';

/** Wish for a new webhook. */
export interface NewWebhook {
  readonly accountId: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description: string | null;
  /** Idempotency key: a repeat with the same key returns the same webhook and secret. */
  readonly idempotencyKey: string | null;
}

const CREATE = 'create webhook';

/** Agreement to a new webhook: two people agree, except where the customer registers the webhook. */
@Injectable()
export class WebhookAgreement {
  constructor(
    private readonly approvals: Approvals,
    private readonly passkeys: PasskeyRule,
  ) {}

  /** `create` is repeated as the second person. */
  register(create: (wish: NewWebhook, caller: Caller) => Promise<object>): void {
    this.approvals.register(CREATE, (_target, wish, caller) => create(wish as NewWebhook, caller));
  }

  /** A secret passes every server that forwards the answer, and the owner of that server can forge webhooks. */
  refuseSecretFor(caller: Caller): void {
    if (this.passkeys.isNeeded(caller)) throw new ApiError(403, SECRET_THROUGH_A_SERVER);
  }

  /** Returns null for a customer, and for the second of two people. */
  async awaited(tx: Tx, wish: NewWebhook, caller: Caller): Promise<AwaitedDto | null> {
    if (caller.kind !== 'person') return null;
    const { accountId, url } = wish;
    const demand = { action: CREATE, target: `${accountId} ${url}`, request: wish };
    const awaited = await this.approvals.ask(tx, demand, caller);
    if (awaited !== null)
      return {
        ...awaited,
        code: 'webhook_by_operator',
        message: `A webhook of account ${accountId} takes the customer's API key, or two people.`,
      };
    await this.approvals.approve(tx, demand, caller);
    return null;
  }
}

const SECRET_THROUGH_A_SERVER =
  'The secret of this webhook would pass another server: the customer registers it with an API key, or two people use the operator command';
