import { randomUUID } from 'node:crypto';
import { readUpvestPrivateKey, signUpvest } from '@sluice/signing';
import type { PaymentBook } from '../sim/payment-book.js';
import type { Entry } from '../sim/facts.js';
import type { SimulatedAnswer } from '../sim/serve.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import { readBody } from './upvest-withdraw.js';
import { WEBHOOK_KEY } from './upvest-identities.js';
import {
  jsonAnswer,
  problem,
  problemAnswer,
  type UpvestCall,
  type UpvestSettings,
  type UpvestState,
  type UpvestWebhook,
} from './upvest-state.js';
import { withdrawalRecord } from './upvest-reads.js';

// Registrations are kept as a setting: the log has them, a reset forgets them, and a test may write them at once.

/** POST /webhooks: registers a webhook; a new webhook sends no events until enabled. */
export function createWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const body = readBody(call);
  if (!body.ok) return problemAnswer(body.refusal, call.requestId);
  const { title, url, type } = body.value;
  const types = Array.isArray(type)
    ? type.filter((one) => one === 'WITHDRAWAL' || one === 'ALL')
    : [];
  if (
    typeof title !== 'string' ||
    typeof url !== 'string' ||
    !URL.canParse(url) ||
    types.length === 0
  )
    return problemAnswer(
      problem('invalid_request', 'title, url or type is malformed'),
      call.requestId,
    );
  const webhook: UpvestWebhook = {
    id: randomUUID(),
    title,
    url,
    type: types as string[],
    enabled: false,
  };
  store(state, [...state.settings().webhooks, webhook], call.now);
  return jsonAnswer(webhook);
}

/** PATCH /webhooks/{id}: `{"enabled": true}`. */
export function changeWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const body = readBody(call);
  if (!body.ok) return problemAnswer(body.refusal, call.requestId);
  const { webhooks } = state.settings();
  const webhook = webhooks.find((one) => one.id === call.id);
  const { enabled } = body.value;
  if (!webhook) return notFound(call);
  if (typeof enabled !== 'boolean')
    return problemAnswer(
      problem('invalid_request', 'enabled has to be true or false'),
      call.requestId,
    );
  const changed = { ...webhook, enabled };
  store(
    state,
    webhooks.map((one) => (one === webhook ? changed : one)),
    call.now,
  );
  return jsonAnswer(changed);
}

export function listWebhooks(state: UpvestState): SimulatedAnswer {
  const data = state.settings().webhooks;
  return jsonAnswer({
    meta: {
      offset: 0,
      limit: 100,
      count: data.length,
      total_count: data.length,
      sort: 'id',
      order: 'ASC',
    },
    data,
  });
}

export function deleteWebhook(state: UpvestState, call: UpvestCall): SimulatedAnswer {
  const { webhooks } = state.settings();
  const others = webhooks.filter((one) => one.id !== call.id);
  if (others.length === webhooks.length) return notFound(call);
  store(state, others, call.now);
  return { status: 204, body: '' };
}

function store({ record }: UpvestState, webhooks: readonly UpvestWebhook[], at: number): void {
  record({ t: 'settings', patch: { webhooks }, at });
}

function notFound(call: UpvestCall): SimulatedAnswer {
  return problemAnswer(problem('not_found', 'The webhook does not exist'), call.requestId);
}

interface UpvestWebhookEvent {
  readonly id: string;
  readonly created_at: string;
  readonly type: string;
  readonly object: object;
  readonly webhook_id: string;
}

/** A look at every payment: a shorter interval costs most of an idle simulator's CPU. */
const TICK_MS = 100;
const TIMEOUT_MS = 5_000;
const PACKAGE = 100;
const LONGEST_PAUSE = 600;
const KEY = readUpvestPrivateKey(WEBHOOK_KEY.privateKeyPem);

/**
 * Notifies webhooks of every status, scheme v6. Without a 200 a package is repeated after 1, 2, 3,
 * 5, 8 … units and delays later ones. In memory.
 */
export class WebhookSender {
  private readonly announced = new Map<string, { script: string; stage: number }>();
  private readonly queues = new Map<string, UpvestWebhookEvent[]>();
  /** Webhooks with a package under way or waiting to be sent again. */
  private readonly busy = new Set<string>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly book: PaymentBook,
    private readonly settings: () => UpvestSettings,
    private readonly clock: SimulatedClock,
  ) {
    this.tellNobody();
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Queues new status changes for the webhooks enabled now. */
  notice(): void {
    const enabled = this.enabled();
    for (const entry of this.book.all()) this.noticeEntry(entry, enabled);
  }

  close(): void {
    clearInterval(this.timer);
  }

  reset(): void {
    this.announced.clear();
    this.queues.clear();
  }

  private tick(): void {
    const enabled = this.enabled();
    if (enabled.length === 0) return; // `notice` is called again before a webhook is enabled
    this.notice();
    for (const webhook of enabled) if (!this.busy.has(webhook.id)) void this.deliver(webhook, 1, 2);
  }

  private enabled(): readonly UpvestWebhook[] {
    return this.settings().webhooks.filter((webhook) => webhook.enabled);
  }

  /** Marks all existing statuses as announced: changes before this start are never announced. */
  private tellNobody(): void {
    for (const entry of this.book.all()) this.noticeEntry(entry, []);
  }

  private noticeEntry(entry: Entry, enabled: readonly UpvestWebhook[]): void {
    this.book.statusOf(entry, this.clock.now());
    const { id } = entry.payment;
    const before = this.announced.get(id);
    if (before?.script === entry.script && before.stage === entry.stage) return;
    const first = before?.script === entry.script ? before.stage + 1 : 0;
    this.announced.set(id, { script: entry.script, stage: entry.stage });
    for (const status of this.book.statusesOf(entry).slice(first, entry.stage + 1))
      for (const webhook of enabled) this.enqueue(webhook, entry, status);
  }

  private enqueue(webhook: UpvestWebhook, entry: Entry, status: string): void {
    const event: UpvestWebhookEvent = {
      id: randomUUID(),
      created_at: new Date(this.clock.now()).toISOString(),
      type: `WITHDRAWAL.${status}`,
      object: withdrawalRecord(entry, status),
      webhook_id: webhook.id,
    };
    const queue = this.queues.get(webhook.id);
    if (queue) queue.push(event);
    else this.queues.set(webhook.id, [event]);
  }

  private async deliver(webhook: UpvestWebhook, pause: number, nextPause: number): Promise<void> {
    const { duplicate, reorder, stuck, retry_unit_ms: unit } = this.settings().webhook_delivery;
    const queue = this.queues.get(webhook.id);
    if (stuck || !queue || queue.length === 0) return void this.busy.delete(webhook.id);
    this.busy.add(webhook.id);
    const events = queue.slice(0, PACKAGE);
    const delivered = await this.post(webhook, reorder ? events.toReversed() : events);
    if (delivered && duplicate) await this.post(webhook, events);
    if (!delivered) return this.retry(webhook, pause, nextPause, unit);
    queue.splice(0, events.length);
    this.busy.delete(webhook.id);
  }

  private retry(webhook: UpvestWebhook, pause: number, nextPause: number, unit: number): void {
    setTimeout(() => {
      void this.deliver(
        webhook,
        Math.min(nextPause, LONGEST_PAUSE),
        Math.min(pause + nextPause, LONGEST_PAUSE),
      );
    }, pause * unit).unref();
  }

  private async post(
    webhook: UpvestWebhook,
    events: readonly UpvestWebhookEvent[],
  ): Promise<boolean> {
    const { pathname, search, href } = new URL(webhook.url);
    const body = JSON.stringify({ payload: events });
    const headers = { accept: '*/*', 'content-type': 'application/json' };
    // receivers check the time against the same clock as our request checks
    const created = Math.floor(this.clock.ofRequests() / 1000);
    const message = { method: 'POST', path: pathname, query: search.slice(1), headers, body };
    const signed = signUpvest('v6', KEY, message, {
      keyId: WEBHOOK_KEY.key_id,
      created,
      expires: created + 60,
      nonce: randomUUID(),
    });
    try {
      const options = {
        method: 'POST',
        headers: { ...headers, ...signed },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      } as const;
      return (await fetch(href, options)).status === 200;
    } catch {
      return false;
    }
  }
}
