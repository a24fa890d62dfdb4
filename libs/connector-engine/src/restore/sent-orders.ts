import { monotonicMs } from '@sluice/clock';
import {
  formNamed,
  type FormCapabilities,
  type PreparedRequest,
  type VenueCapabilities,
} from '@sluice/connector-rules';

/** A request that this process has handed to the network. */
export interface SentOrder {
  readonly clientReference: string;
  readonly attempt: number;
  readonly request: PreparedRequest;
  /** The venue's time before its first byte left, at the earliest. */
  readonly venueTime: Date;
  /** By this process's monotonic clock. */
  readonly sentAtMs: number;
}

/** At most so many are kept. A venue that takes a thousand each second reaches it after more than three minutes. */
const MOST = 200_000;

/**
 * What this process has sent and the venue may still act on, by client reference. The database may lose these rows when it goes back, and
 * no other record of them is certain while the venue has not listed them. Nothing is forgotten before its time: when there is no room,
 * nothing more is sent.
 */
export class SentOrders {
  /** The oldest first. */
  private readonly byReference = new Map<string, SentOrder>();

  constructor(
    private readonly capabilities: Pick<VenueCapabilities, 'venue' | 'forms'>,
    private readonly options: { readonly submitTimeoutMs: number },
    private readonly most = MOST,
    private readonly now: () => number = monotonicMs,
  ) {}

  /** How many more may be sent now. */
  capacity(): number {
    this.forgetOld();
    return Math.max(0, this.most - this.byReference.size);
  }

  remember(order: Omit<SentOrder, 'sentAtMs'>): void {
    const { clientReference, attempt, request, venueTime } = order;
    this.byReference.delete(clientReference);
    this.byReference.set(clientReference, {
      ...{ clientReference, attempt, request, venueTime },
      sentAtMs: this.now(),
    });
  }

  /** To be called when it is proven that nothing of the attempt left. */
  forget({ clientReference, attempt }: Pick<SentOrder, 'clientReference' | 'attempt'>): void {
    if (this.byReference.get(clientReference)?.attempt === attempt)
      this.byReference.delete(clientReference);
  }

  /** Whether a database that is about to begin this attempt has lost that it was sent. */
  wasSent({ clientReference, attempt }: Pick<SentOrder, 'clientReference' | 'attempt'>): boolean {
    return (this.byReference.get(clientReference)?.attempt ?? 0) >= attempt;
  }

  /** With how long ago each was sent. Of these references; of all unless told. */
  list(references?: readonly string[]): readonly (SentOrder & { readonly ageMs: number })[] {
    const orders =
      references === undefined
        ? [...this.byReference.values()]
        : references.flatMap((reference) => this.byReference.get(reference) ?? []);
    return orders.map((order) => ({ ...order, ageMs: this.now() - order.sentAtMs }));
  }

  private forgetOld(): void {
    for (const [reference, { request, sentAtMs }] of this.byReference) {
      const keepMs =
        honouredMs(formNamed(this.capabilities, request.form)) + this.options.submitTimeoutMs;
      if (this.now() - sentAtMs <= keepMs) return;
      this.byReference.delete(reference);
    }
  }
}

/** For how long a request that left may still be acted on; where the venue names no bound, as long as its silence has to last. */
export function honouredMs({ honoured, absence }: FormCapabilities): number {
  return honoured?.forMs ?? absence.afterMs;
}

/** The longest of all forms. */
export function longestHonouredMs({ forms }: Pick<VenueCapabilities, 'forms'>): number {
  return Math.max(0, ...forms.map(honouredMs));
}
