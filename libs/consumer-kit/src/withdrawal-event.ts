import type { SequencedEvent } from './once-in-order.js';

/** What a withdrawal has come to, however it was told: by Kafka or by a webhook. */
export interface WithdrawalEvent extends SequencedEvent {
  readonly via: 'kafka' | 'webhook';
  /** As it was sent: `withdrawal.completed.v1` by Kafka, `withdrawal.confirmed` by a webhook. */
  readonly type: string;
  /** The API's `withdrawal_id`, as text: the subject, so both ways count as one. */
  readonly withdrawalId: string;
  /** pending, broadcasted, confirmed, failed, cancelled. */
  readonly status: string;
  readonly clientReference: string | null;
  readonly currency: string;
  readonly network: string;
  /** Decimal text: never make it a number. */
  readonly amount: string;
  /** Decimal text, on top of the amount. */
  readonly fee: string;
  readonly txHash: string | null;
  /** Why it failed, as a stable code. */
  readonly reason: string | null;
  /** When the step happened (Kafka) or the delivery was scheduled (webhook): RFC 3339, UTC. */
  readonly at: string;
  /** All that was sent. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What came is no event of this system. Sent again it is the same: put it aside, and look. */
export class UnreadableEvent extends Error {
  override readonly name = 'UnreadableEvent';
}

/** An object with fields of known kinds. Each throws `UnreadableEvent` that names the field. */
export class Fields {
  private constructor(readonly all: Readonly<Record<string, unknown>>) {}

  static of(value: unknown, what: string): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UnreadableEvent(`${what} is not a JSON object`);
    return new Fields(value as Record<string, unknown>);
  }

  static parse(text: string, what: string): Fields {
    try {
      return Fields.of(JSON.parse(text), what);
    } catch (error) {
      if (error instanceof UnreadableEvent) throw error;
      throw new UnreadableEvent(`${what} is not JSON: ${(error as Error).message}`);
    }
  }

  has(name: string): boolean {
    return this.all[name] !== undefined;
  }

  text(name: string): string {
    const value = this.all[name];
    if (typeof value !== 'string' || value === '')
      throw new UnreadableEvent(`${name} is not a text`);
    return value;
  }

  textOrNull(name: string): string | null {
    const value = this.all[name] ?? null;
    return value === null ? null : this.text(name);
  }

  /** A whole number above zero. */
  count(name: string): number {
    const value = this.all[name];
    if (!Number.isSafeInteger(value) || (value as number) < 1)
      throw new UnreadableEvent(`${name} is not a whole number`);
    return value as number;
  }
}
