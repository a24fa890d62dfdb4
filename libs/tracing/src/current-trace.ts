import { AsyncLocalStorage } from 'node:async_hooks';
import { SpanKind, type Attributes } from '@opentelemetry/api';
import { sampledIds, traceparentOf, type SpanIds } from './traceparent.js';
import {
  beginSpan,
  beginSpanAs,
  isSampled,
  newIds,
  sampledWithdrawal,
  type Span,
} from './tracing.js';

/** What is done on behalf of a traced request or submission, across awaits. */
const current = new AsyncLocalStorage<{ readonly traceparent: string | null | undefined }>();

/** Calls that `work` makes belong to this trace. */
export function inTrace<T>(traceparent: string | null | undefined, work: () => T): T {
  return sampledIds(traceparent) ? current.run({ traceparent }, work) : work();
}

function currentTraceparent(): string | null | undefined {
  return current.getStore()?.traceparent;
}

/** The span of a call on behalf of what runs now; null where that is not traced. */
export function beginCall(name: string, attributes: Attributes): Span | null {
  return beginSpan(name, currentTraceparent(), { kind: SpanKind.CLIENT, attributes });
}

/** The request that runs now is about this withdrawal; `first` has brought it into the world. */
export function requestIsAbout(withdrawalId: string, role: 'first' | 'later' = 'later'): void {
  const store = current.getStore();
  if (store instanceof RequestTrace) store.isAbout(withdrawalId, role);
}

export interface EndedRequest {
  readonly name: string;
  readonly attributes: Attributes;
  /** By `monotonicMs`. */
  readonly sinceMs: number;
  readonly fault: string | null;
  /** The client's own `traceparent`, as it came. */
  readonly claimed: unknown;
  /** Whether the client has proven to be one of our services. */
  readonly isService: boolean;
}

/**
 * One request. It belongs to the trace of its withdrawal, to that of the service that calls, or to one of its own, and whoever begins a
 * trace samples it: a stranger's `traceparent` decides nothing, and is a link.
 */
export class RequestTrace {
  private withdrawal: { readonly first: SpanIds | null; readonly isFirst: boolean } | null = null;
  private ids: SpanIds | null = newIds();

  run(work: () => void): void {
    current.run(this, work);
  }

  isAbout(withdrawalId: string, role: 'first' | 'later'): void {
    const first = sampledWithdrawal(withdrawalId);
    this.withdrawal = { first, isFirst: role === 'first' };
    if (first) this.ids = role === 'first' ? first : this.ids && { ...this.ids, ...traceOf(first) };
  }

  get traceparent(): string | undefined {
    return this.ids && this.isSampled() ? traceparentOf(this.ids) : undefined;
  }

  end({ name, attributes, sinceMs, fault, claimed, isService }: EndedRequest): void {
    const from = sampledIds(claimed);
    const caller = this.withdrawal === null && isService ? from : null;
    if (!this.ids || !(caller ?? this.isSampled())) return;
    const parent = this.withdrawal?.isFirst ? null : (this.withdrawal?.first ?? caller);
    const ids = caller ? { ...this.ids, ...traceOf(caller) } : this.ids;
    const links = from && !caller ? [from] : [];
    beginSpanAs(ids, name, parent, {
      ...{ kind: SpanKind.SERVER, attributes, links, sinceMs },
    })?.end(fault);
  }

  private isSampled(): boolean {
    return this.withdrawal
      ? this.withdrawal.first !== null
      : this.ids !== null && isSampled(this.ids.traceId);
  }
}

function traceOf({ traceId }: SpanIds): { traceId: string } {
  return { traceId };
}
