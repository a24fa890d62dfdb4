import { setTimeout as sleep } from 'node:timers/promises';
import { WebhookReceiver, WITHDRAWAL_EVENTS } from '../clients/webhook-receiver.js';
import type { IntakeAnswer, SignedClient } from '../clients/signed-client.js';
import type { Shown } from './demo-driver.js';
import { printWebhook } from './print-demo.js';

/** Description of the demo's webhooks, to recognize leftovers of an earlier start. */
const DESCRIPTION = 'npm start';
const ARRIVED_WITHIN_MS = 30_000;

/** Event reporting the end of a withdrawal, by final state. */
const LAST_EVENT: Readonly<Partial<Record<Shown['detail']['state'], string>>> = {
  completed: 'withdrawal.confirmed',
  failed: 'withdrawal.failed',
  cancelled: 'withdrawal.cancelled',
};

export interface WebhooksReport {
  readonly arrived: number;
  readonly verified: number;
  /** Faults, a line each. */
  readonly faults: readonly string[];
}

/** Receiver on this machine, registered like by a product team. Prints each webhook on arrival. */
export class DemoWebhooks {
  private constructor(
    private readonly client: SignedClient,
    private readonly receiver: WebhookReceiver,
    private readonly id: string,
  ) {}

  /** Registers the receiver. Throws on a refusal. Deletes leftovers of an earlier start. */
  static async register(client: SignedClient): Promise<DemoWebhooks> {
    const earlier = dataOf<readonly Registered[]>(await client.call('GET', '/v1/webhooks'));
    for (const { id } of earlier.filter(({ description }) => description === DESCRIPTION))
      dataOf(await client.call('DELETE', `/v1/webhooks/${id}`));
    const receiver = await WebhookReceiver.start();
    receiver.onWebhook(printWebhook);
    try {
      const body = { url: receiver.url, events: [...WITHDRAWAL_EVENTS], description: DESCRIPTION };
      const { id, secret } = dataOf<{ readonly id: string; readonly secret: string }>(
        await client.call('POST', '/v1/webhooks', { body }),
      );
      receiver.trust(secret);
      return new DemoWebhooks(client, receiver, id);
    } catch (error) {
      await receiver.stop();
      throw error;
    }
  }

  /** Waits up to half a minute for the webhooks about the end of the withdrawals. */
  async reportOn(shown: readonly Shown[]): Promise<WebhooksReport> {
    const missing = (): readonly string[] => shown.flatMap((one) => this.unreportOn(one));
    for (const until = Date.now() + ARRIVED_WITHIN_MS; missing().length > 0 && Date.now() < until;)
      await sleep(100);
    const { received } = this.receiver;
    const verified = received.filter((one) => one.verified).length;
    return { arrived: received.length, verified, faults: missing() };
  }

  /**
   * Deletes the webhook and stops the receiver. Never throws: the next start deletes a remaining
   * webhook.
   */
  async stop(): Promise<void> {
    await this.client.call('DELETE', `/v1/webhooks/${this.id}`).catch(() => undefined);
    await this.receiver.stop();
  }

  private unreportOn({ label, title, detail: { number, state } }: Shown): readonly string[] {
    const event = LAST_EVENT[state];
    if (event === undefined) return [];
    const hasArrived = this.receiver.about(Number(number), event).some(({ verified }) => verified);
    return hasArrived ? [] : [`${label} ${title}: no verified webhook ${event} came`];
  }
}

interface Registered {
  readonly id: string;
  readonly description: string | null;
}

/** Returns the data of a response; throws on a refusal. */
function dataOf<T>({ status, message, data }: IntakeAnswer): T {
  if (status !== 200) throw new Error(`webhooks: refused with ${status} ${message}`);
  return data as T;
}
