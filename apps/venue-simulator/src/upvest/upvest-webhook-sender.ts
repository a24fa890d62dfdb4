import { randomUUID } from 'node:crypto';
import { readUpvestPrivateKey, signUpvest } from '@sluice/signing';
import type { PaymentBook } from '../sim/payment-book.js';
import type { Entry } from '../sim/payment.js';
import type { SimulatedClock } from '../sim/venue-clock.js';
import { WEBHOOK_KEY } from './upvest-identities.js';
import { withdrawalRecord } from './upvest-records.js';
import type { UpvestSettings, UpvestWebhook } from './upvest-settings.js';

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
 * Notifies enabled webhooks of every status of a withdrawal, in scheme v6. A package without an
 * answer of exactly 200 is sent again after 1, 2, 3, 5, 8 … units and delays all later packages.
 * The queue is in memory: a restart loses undelivered packages.
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

  /**
   * Queues new status changes for the webhooks enabled now. A webhook enabled afterwards receives
   * only later changes.
   */
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
