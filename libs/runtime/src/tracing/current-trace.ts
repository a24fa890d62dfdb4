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

/** Trace context of the current request or submission, across awaits. */
const current = new AsyncLocalStorage<{ readonly traceparent: string | null | undefined }>();

/** Runs `work`; calls made by `work` belong to this trace. */
export function inTrace<T>(traceparent: string | null | undefined, work: () => T): T {
  return sampledIds(traceparent) ? current.run({ traceparent }, work) : work();
}

function currentTraceparent(): string | null | undefined {
  return current.getStore()?.traceparent;
}

/** Begins a span for a call of the current work; null if the work is not traced. */
export function beginCall(name: string, attributes: Attributes): Span | null {
  return beginSpan(name, currentTraceparent(), { kind: SpanKind.CLIENT, attributes });
}

/** Links the current request to a withdrawal; role `first`: the request created the withdrawal. */
export function requestIsAbout(withdrawalId: string, role: 'first' | 'later' = 'later'): void {
  const store = current.getStore();
  if (store instanceof RequestTrace) store.isAbout(withdrawalId, role);
}

interface EndedRequest {
  readonly name: string;
  readonly attributes: Attributes;
  readonly sinceMs: number;
  readonly fault: string | null;
  /** The client's own `traceparent`, as received. */
  readonly claimed: unknown;
  /** True if the client has proven to be a service of ours. */
  readonly isService: boolean;
}

/**
 * Trace of a request: that of the withdrawal, of the calling service, or a new one. An external
 * `traceparent` decides nothing and becomes a link.
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
      kind: SpanKind.SERVER,
      attributes,
      links,
      sinceMs,
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
