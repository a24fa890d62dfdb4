import { VenueHttp } from '@sluice/connector-engine';
import { monotonicMs, type OutgoingProxy } from '@sluice/runtime';
import { answersOf, type RpcAnswer, type RpcCall } from './rpc-answer.js';

interface RpcNodeOptions {
  readonly url: string;
  readonly timeoutMs: number;
  /** Connections at once. */
  readonly connections?: number;
  readonly proxy?: OutgoingProxy | null;
}

interface WaitingCall {
  readonly calls: readonly RpcCall[];
  readonly answer: (answers: readonly RpcAnswer[]) => void;
}

/** Many nodes refuse longer lists; the others teach their own limit. */
const MOST_CALLS = 100;
/** After this time a list may be twice as long again. */
const GROWS_AFTER_MS = 600_000;

/**
 * An RPC node. Calls of the same turn of the event loop are sent as a single batch, as long as the
 * node takes. Transactions are sent apart from queries, so no transaction waits for a slow answer.
 */
export class RpcNode {
  /** Host and port: the path and the name in front of the host may hold a key. */
  readonly name: string;
  private readonly http: VenueHttp;
  private readonly path: string;
  private readonly headers: Readonly<Record<string, string>>;
  private mostCalls = MOST_CALLS;
  private learnedAtMs = 0;
  private readonly waiting: Record<'asks' | 'pays', WaitingCall[]> = { asks: [], pays: [] };

  constructor(private readonly options: RpcNodeOptions) {
    const url = new URL(options.url);
    this.name = url.host;
    this.path = `${url.pathname}${url.search}`;
    this.headers = {
      'content-type': 'application/json',
      ...(url.username !== '' && { authorization: basicLogin(url) }),
    };
    this.http = new VenueHttp({
      origin: url.origin,
      // The clock of the node's HTTP server is not the chain's clock.
      clock: { observe: () => undefined },
      connections: options.connections ?? 8,
      connectTimeoutMs: options.timeoutMs,
      proxy: options.proxy ?? null,
    });
  }

  /** An answer for each call, in order. Never throws. */
  ask(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> {
    return this.soon('asks', calls);
  }

  /** Sends a signed transaction. Never throws. */
  async send(raw: string): Promise<RpcAnswer> {
    const [answer] = await this.soon('pays', [{ method: 'eth_sendRawTransaction', params: [raw] }]);
    return answer ?? { kind: 'broken', cause: 'no answer' };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private soon(kind: 'asks' | 'pays', calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> {
    if (calls.length === 0) return Promise.resolve([]);
    const queue = this.waiting[kind];
    return new Promise((answer) => {
      queue.push({ calls, answer });
      if (queue.length === 1) setImmediate(() => this.flush(kind));
    });
  }

  private flush(kind: 'asks' | 'pays'): void {
    const taken = this.waiting[kind].splice(0);
    const { calls, places } = onlyOnce(taken.map((one) => one.calls));
    const answered = Promise.all(
      slices(calls, this.length()).map((part) => this.post(part, kind === 'pays')),
    );
    void answered.then((parts) => {
      const answers = parts.flat();
      taken.forEach(({ answer }, index) =>
        answer((places[index] ?? []).map((place) => answers[place] ?? LEFT_OUT)),
      );
    });
  }

  private length(): number {
    if (this.mostCalls < MOST_CALLS && monotonicMs() - this.learnedAtMs > GROWS_AFTER_MS)
      this.learn(Math.min(2 * this.mostCalls, MOST_CALLS));
    return this.mostCalls;
  }

  private learn(mostCalls: number): void {
    this.mostCalls = mostCalls;
    this.learnedAtMs = monotonicMs();
  }

  /** Calls without an answer go again in smaller lists, down to single calls. */
  private async post(calls: readonly RpcCall[], pays: boolean): Promise<readonly RpcAnswer[]> {
    const answers: RpcAnswer[] = calls.map(() => LEFT_OUT);
    let waiting = calls.map((call, place) => ({ call, place }));
    let length = calls.length;
    while (waiting.length > 0) {
      const [part, later] = [waiting.slice(0, length), waiting.slice(length)];
      const got = await this.exchange(
        part.map(({ call }) => call),
        pays,
      );
      part.forEach(({ place }, index) => (answers[place] = got.answers[index] ?? LEFT_OUT));
      const again = part.length === 1 ? [] : part.filter((_, at) => got.unanswered.includes(at));
      // A node that answers nothing does not fail by the length of the list.
      if (again.length === 0 && got.answers.every(isSilence)) return answers;
      if (again.length > 0) length = Math.floor(part.length / 2);
      else if (length < calls.length && length < this.mostCalls) this.learn(length);
      waiting = [...again, ...later];
    }
    return answers;
  }

  private async exchange(calls: readonly RpcCall[], pays: boolean) {
    const list = calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params }));
    const answer = await this.http.call({
      method: 'POST',
      path: this.path,
      pathIsSecret: true,
      headers: this.headers,
      body: JSON.stringify(list.length === 1 ? list[0] : list),
      timeoutMs: this.options.timeoutMs,
      pays,
    });
    return answersOf(answer, calls.length);
  }
}

/**
 * Calls of one moment have one answer: payments of an address share its balance. The same bytes sent
 * twice are one transaction.
 */
function onlyOnce(lists: readonly (readonly RpcCall[])[]) {
  const calls: RpcCall[] = [];
  const known = new Map<string, number>();
  const placeOf = (call: RpcCall): number => {
    const key = JSON.stringify([call.method, call.params]);
    const place = known.get(key) ?? calls.push(call) - 1;
    known.set(key, place);
    return place;
  };
  const places = lists.map((list) => list.map(placeOf));
  return { calls, places };
}

function isSilence({ kind }: RpcAnswer): boolean {
  return kind === 'broken' || kind === 'not_sent';
}

const LEFT_OUT: RpcAnswer = { kind: 'broken', cause: 'no answer' };

function slices<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, part) =>
    all.slice(part * size, (part + 1) * size),
  );
}

function basicLogin({ username, password }: URL): string {
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(login).toString('base64')}`;
}
