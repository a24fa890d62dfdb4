import { type VenueAnswer, VenueHttp } from '@sluice/connector-engine';
import { isObject } from '@sluice/kernel';
import { monotonicMs, type OutgoingProxy } from '@sluice/runtime';

interface RpcNodeOptions {
  readonly url: string;
  readonly timeoutMs: number;
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

/** An RPC node. Calls of one turn of the event loop are one batch; transactions go apart. */
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

/** Calls of one moment share an answer. The same bytes twice are one transaction. */
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

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/**
 * Answer to a call. `error`: the node's refusal. `not_sent`: no connection was made. `broken`: the
 * node may have processed the call.
 */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'not_sent'; readonly cause: string }
  | { readonly kind: 'broken'; readonly cause: string };

const LONGEST_MESSAGE = 300;

interface BatchAnswers {
  /** In the order of the calls. */
  readonly answers: readonly RpcAnswer[];
  /** Places of the calls that the node may answer in a smaller batch. */
  readonly unanswered: readonly number[];
}

/** Statuses of a node that answers no request now, whatever its length. */
const NOT_ABOUT_LENGTH: readonly number[] = [401, 429, 502, 503, 504];
const OF_BATCH = /batch|too (large|long|big)|response size|body size/i;

/** The answers to a request whose calls had the ids 0 to `count - 1`: nodes may answer in any order. */
export function answersOf(answer: VenueAnswer, count: number): BatchAnswers {
  if (answer.kind === 'not_sent' || (answer.kind === 'broken' && answer.status === null))
    return wholly(count, { kind: answer.kind, cause: answer.cause }, false);
  const { status, text } = answer;
  const isOfLength = !NOT_ABOUT_LENGTH.includes(status ?? 0) || OF_BATCH.test(text);
  if (answer.kind !== 'answer')
    return wholly(count, { kind: 'broken', cause: answer.cause }, isOfLength);
  const { json } = answer;
  if (Array.isArray(json)) return answersIn(json, count);
  // An error for a whole batch belongs to no single call and refuses none.
  return count === 1 && isObject(json) && isOwnAnswer(answer.status, json)
    ? { answers: [answerOf(json)], unanswered: [] }
    : wholly(count, { kind: 'broken', cause: wholeRefusal(answer.status, json) }, isOfLength);
}

function wholly(count: number, answer: RpcAnswer, isOfLength: boolean): BatchAnswers {
  const places = Array.from({ length: count }, (_, place) => place);
  return { answers: places.map(() => answer), unanswered: isOfLength ? places : [] };
}

/** Some nodes write ids as text. */
function answersIn(list: readonly unknown[], count: number): BatchAnswers {
  const byId = new Map(list.filter(isObject).map((one) => [String(one['id']), one]));
  const answers = Array.from({ length: count }, (_, id) => answerOf(byId.get(String(id))));
  const unanswered = answers.flatMap((one, place) => {
    const isLimit = one.kind === 'error' && OF_BATCH.test(one.message);
    return !byId.has(String(place)) || (isLimit && count > 1) ? [place] : [];
  });
  return { answers, unanswered };
}

/** A gateway's refusal has no id, and a status of its own. */
function isOwnAnswer(status: number, { id }: RpcFields): boolean {
  return String(id) === '0' || (status === 200 && (id ?? null) === null);
}

type RpcFields = Readonly<Record<string, unknown>>;

function answerOf(one: RpcFields | undefined): RpcAnswer {
  if (one === undefined) return { kind: 'broken', cause: 'the node left this call out' };
  const { error, result } = one;
  if (isObject(error)) return { kind: 'error', message: messageOf(error) };
  if (typeof error === 'string') return { kind: 'error', message: error.slice(0, LONGEST_MESSAGE) };
  if (result === undefined) return { kind: 'broken', cause: 'an answer without a result' };
  return { kind: 'result', result };
}

function wholeRefusal(status: number, json: unknown): string {
  const error = isObject(json) ? json['error'] : undefined;
  return `status ${status} for the whole batch${isObject(error) ? `: ${messageOf(error)}` : ''}`;
}

function messageOf({ code, message, data }: Readonly<Record<string, unknown>>): string {
  const texts = [message, data].filter((part) => typeof part === 'string').join(' ');
  return `${String(code)} ${texts}`.slice(0, LONGEST_MESSAGE);
}
