import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import type { SignedRequest } from '@sluice/stack';

/** Address of an instance for requests, and address of the instance's readiness check. */
interface Backend {
  readonly url: string;
  readonly readyUrl: string;
}

interface Reply {
  readonly status: number;
  readonly text: string;
}

const CONNECTIONS = 64;
/** Longer than the gateway's own limit for a response. */
const PATIENCE_MS = 30_000;
const PROBE_EVERY_MS = 500;
const PROBE_WITHIN_MS = 3_000;

/**
 * Load balancer as in production. Keeps connections and sends to ready instances in turn. After a
 * refused connection the next instance is used, because no bytes were sent. A sent request is never
 * repeated: a cut counts as a failed request.
 */
export class Balancer {
  private readonly members: readonly Member[];
  private turn = 0;
  private readonly ended = new AbortController();
  private readonly probing: Promise<unknown>;

  constructor(backends: readonly Backend[]) {
    this.members = backends.map((backend) => new Member(backend));
    this.probing = Promise.all(this.members.map((member) => this.probe(member)));
  }

  async send(request: SignedRequest): Promise<Reply> {
    const inTurn = this.inTurn();
    for (const member of inTurn.slice(0, -1)) {
      try {
        return await member.send(request);
      } catch (error) {
        if (!isRefused(error)) throw error;
        member.isReady = false;
      }
    }
    const last = inTurn.at(-1);
    if (!last) throw new Error('no instance is ready');
    return last.send(request);
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.probing;
    await Promise.all(this.members.map((member) => member.close()));
  }

  /** Ready instances first, starting with another instance each time. */
  private inTurn(): readonly Member[] {
    const from = this.turn++ % this.members.length;
    const inTurn = [...this.members.slice(from), ...this.members.slice(0, from)];
    return inTurn.sort((a, b) => Number(b.isReady) - Number(a.isReady));
  }

  private async probe(member: Member): Promise<void> {
    while (!this.ended.signal.aborted) {
      await member.probe();
      await sleep(PROBE_EVERY_MS, undefined, { signal: this.ended.signal }).catch(() => undefined);
    }
  }
}

class Member {
  isReady = true;
  private readonly pool: Pool;

  constructor(private readonly backend: Backend) {
    this.pool = new Pool(backend.url, { connections: CONNECTIONS, pipelining: 1 });
  }

  async send({ method, target, headers, body }: SignedRequest): Promise<Reply> {
    const response = await this.pool.request({
      method,
      path: target,
      headers,
      body,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  async probe(): Promise<void> {
    try {
      const response = await fetch(this.backend.readyUrl, {
        signal: AbortSignal.timeout(PROBE_WITHIN_MS),
        headers: { connection: 'close' },
      });
      await response.body?.cancel();
      this.isReady = response.ok;
    } catch {
      this.isReady = false;
    }
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}
