import { createHash } from 'node:crypto';
import type { Caller, Callers } from '@sluice/http-api';
import { monotonicMs } from '@sluice/runtime';
import { decodeProtectedHeader } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CallerSettings } from './config.js';
import { People, refusalOfToken } from './people.js';
import { SERVICE_TOKEN, ServiceCallers } from './service-callers.js';

/** Verified tokens are cached, and a revoked key stays valid, for this time. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/** People by tokens of the issuer, services by their own tokens. */
export class ProvenCallers implements Callers {
  private readonly people: People;
  private readonly services: ServiceCallers;
  /** The hash of the token is the key, and a memory dump reveals no usable token. */
  private readonly remembered = new LRUCache<string, Caller>({ max: MOST_REMEMBERED });

  /** `now`: the database's time, for this process's own clock may be wrong. */
  constructor(
    itself: string,
    settings: CallerSettings,
    private readonly now: () => Date,
    nowMs: () => number = monotonicMs,
  ) {
    this.people = new People(settings, now, nowMs);
    this.services = new ServiceCallers(itself, settings.serviceCallers.reveal(), now);
  }

  async prove(token: string): Promise<Caller> {
    const hash = createHash('sha256').update(token).digest('base64');
    const known = this.remembered.get(hash);
    if (known) return known;
    try {
      const issuer = isOfService(token) ? this.services : this.people;
      const { caller, expiresAtS } = await issuer.prove(token);
      const leftMs = expiresAtS * 1_000 - this.now().getTime();
      if (leftMs > 0) this.remembered.set(hash, caller, { ttl: Math.min(leftMs, REMEMBERED_MS) });
      return caller;
    } catch (error) {
      throw refusalOfToken(error);
    }
  }
}

function isOfService(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === SERVICE_TOKEN;
  } catch {
    return false; // not a token: verification reports the fault
  }
}
