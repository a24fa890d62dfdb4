import { pause, SignedClient, type IntakeAnswer, type SignedRequest } from '@sluice/stack';
import { isOk } from '../system/instance.js';

/** Address of an instance for requests, and address of the instance's readiness check. */
interface Backend {
  readonly url: string;
  readonly readyUrl: string;
}

interface Member extends Backend {
  readonly client: SignedClient;
  isReady: boolean;
}

const CONNECTIONS = 64;
/** Longer than the gateway's own limit for a response. */
const PATIENCE_MS = 30_000;
const PROBE_EVERY_MS = 500;
/** Requests are signed by their accounts. */
const NO_KEY = { key_id: '', secret: '' };

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
    this.members = backends.map((backend) => {
      const client = new SignedClient([backend.url], NO_KEY, { connections: CONNECTIONS });
      return { ...backend, client, isReady: true };
    });
    this.probing = Promise.all(this.members.map((member) => this.probe(member)));
  }

  /** Never throws. */
  async send(request: SignedRequest): Promise<IntakeAnswer> {
    let answer: IntakeAnswer = { status: undefined, message: 'no instance', data: undefined };
    for (const member of this.inTurn()) {
      answer = await member.client.send(request, PATIENCE_MS);
      if (answer.message !== 'ECONNREFUSED') break;
      member.isReady = false;
    }
    return answer;
  }

  async close(): Promise<void> {
    this.ended.abort();
    await this.probing;
    await Promise.all(this.members.map(({ client }) => client.close()));
  }

  /** Ready instances first, starting with another instance each time. */
  private inTurn(): readonly Member[] {
    const from = this.turn++ % this.members.length;
    const inTurn = [...this.members.slice(from), ...this.members.slice(0, from)];
    return inTurn.sort((a, b) => Number(b.isReady) - Number(a.isReady));
  }

  private async probe(member: Member): Promise<void> {
    for (; !this.ended.signal.aborted; await pause(PROBE_EVERY_MS, this.ended.signal))
      member.isReady = await isOk(member.readyUrl);
  }
}
