import type { FastifyReply } from 'fastify';
import type { AdminRequest } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import { LRUCache } from 'lru-cache';
import { claimedBrowser } from './claimed-browser.js';

/** An equal read of a person is recorded again after this time. */
const RECORDED_AGAIN_MS = 300_000;
const MOST_REMEMBERED = 10_000;

type Read = Pick<AdminRequest, 'isReadOften' | 'caller' | 'ip' | 'url' | 'headers'>;
type ReadAnswer = Pick<FastifyReply, 'statusCode'>;

/** Reads of people at routes with `@ReadOften()`, as this process has recorded them. */
export class OftenRead {
  private readonly recorded = new LRUCache<string, number>({ max: MOST_REMEMBERED });

  constructor(private readonly now: () => number = monotonicMs) {}

  /** True if the entry of an equal read is younger than five minutes. */
  isRecorded(request: Read, reply: ReadAnswer): boolean {
    const key = keyOf(request, reply);
    const at = key === null ? undefined : this.recorded.get(key);
    return at !== undefined && this.now() - at < RECORDED_AGAIN_MS;
  }

  /** Notes the entry of a read, after it was stored. */
  note(request: Read, reply: ReadAnswer): void {
    const key = keyOf(request, reply);
    if (key !== null) this.recorded.set(key, this.now());
  }
}

/** Null for a call that is always recorded. Another query, address, browser or client is another read. */
function keyOf(request: Read, { statusCode }: ReadAnswer): string | null {
  const { isReadOften = false, caller, ip, url } = request;
  if (!isReadOften || caller?.kind !== 'person' || statusCode >= 400) return null;
  return JSON.stringify([
    caller.name,
    caller.client,
    caller.roles,
    ip,
    claimedBrowser(request),
    url,
  ]);
}
