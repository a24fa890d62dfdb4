import { Counter } from 'prom-client';
import { monotonicMs } from '@sluice/runtime';
import type { SubmitOutcome } from '@sluice/connector-rules';

/** A request that may have left this process. */
export interface RememberedSend {
  readonly attempt: number;
  /** `pending` until the venue's answer or the time-out. */
  outcome: SubmitOutcome['kind'] | 'pending';
  /** Time before the first byte left, by the monotonic clock of this process. */
  readonly sentAtMs: number;
}

interface SentClaim {
  readonly clientReference: string;
  readonly attempt: number;
}

/** Maximum number of remembered sends: 150 bytes each, 30 MB together. */
const MOST = 200_000;
const KEPT_MS = 24 * 3_600_000;

const dropped = new Counter({
  name: 'sluice_sent_memory_dropped_total',
  help: 'Sends forgotten by this process before 24 hours, because its memory of sends was full',
});

/**
 * Every request that may have left this process, by client reference: rows can be deleted or put
 * back, and this memory cannot. The MAC of the order binds the reference to the withdrawal.
 */
export class SentMemory {
  /** The oldest first. */
  private readonly byReference = new Map<string, RememberedSend>();
  /** The memory contains every send after this time. */
  private completeSinceMs: number;

  constructor(
    private readonly most = MOST,
    private readonly now: () => number = monotonicMs,
  ) {
    this.completeSinceMs = now();
  }

  get size(): number {
    return this.byReference.size;
  }

  /** Must be called before the first byte of the request leaves. */
  begin({ clientReference, attempt }: SentClaim): void {
    this.byReference.delete(clientReference); // moves the entry to the end
    this.byReference.set(clientReference, { attempt, outcome: 'pending', sentAtMs: this.now() });
    this.dropOldest();
  }

  ended({ clientReference, attempt }: SentClaim, outcome: SubmitOutcome['kind']): void {
    const sent = this.byReference.get(clientReference);
    if (sent?.attempt === attempt) sent.outcome = outcome;
  }

  /** Must be called once no byte of the attempt is proven to have left. */
  forget({ clientReference, attempt }: SentClaim): void {
    if (this.byReference.get(clientReference)?.attempt === attempt)
      this.byReference.delete(clientReference);
  }

  /** Returns the last send of the order with its age; null if no send is known. */
  of(clientReference: string): (RememberedSend & { readonly ageMs: number }) | null {
    const sent = this.byReference.get(clientReference);
    return sent ? { ...sent, ageMs: this.now() - sent.sentAtMs } : null;
  }

  /** Milliseconds for which every send is remembered. */
  completeForMs(): number {
    return this.now() - this.completeSinceMs;
  }

  private dropOldest(): void {
    for (const [reference, { sentAtMs }] of this.byReference) {
      const isOld = this.now() - sentAtMs > KEPT_MS;
      if (!isOld && this.byReference.size <= this.most) return;
      this.byReference.delete(reference);
      this.completeSinceMs = Math.max(this.completeSinceMs, sentAtMs);
      if (!isOld) dropped.inc();
    }
  }
}
