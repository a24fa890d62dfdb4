import { createHash } from 'node:crypto';
import type { Caller, Callers } from '@sluice/admin-api';
import { monotonicMs } from '@sluice/clock';
import { decodeProtectedHeader } from 'jose';
import { LRUCache } from 'lru-cache';
import type { CallerSettings } from './config.js';
import { People } from './people.js';
import { SERVICE_TOKEN, ServiceCallers } from './service-callers.js';
import { refusalOfToken } from './token-fault.js';

/** A token that was good a moment ago is not checked again: a key that its issuer has taken back counts for this long. */
const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 1_000;

/** Finds out who calls a service: a person by a token of the issuer, or another service by one of its own. */
export class ProvenCallers implements Callers {
  private readonly people: People;
  private readonly services: ServiceCallers;
  /** By the hash of the token, so that a dump of this memory opens nothing. */
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
    return false; // no token at all: whoever verifies it says so
  }
}
