import {
  askedNow,
  pause,
  plainNo,
  type Asked,
  fieldsOf,
  type IntakeAnswer,
  type IntakeKey,
  type Order,
  type ReceivedWebhook,
  rowsOf,
  SignedClient,
  type SignedRequest,
  textOf,
  type WebhookReceiver,
  WITHDRAWAL_EVENTS,
} from '@sluice/stack';

const FINAL = ['confirmed', 'failed', 'cancelled'];
const PAUSES_MS = [300, 700, 1_500, 3_000];
const LOOK_EVERY_MS = 2_500;
const KEPT_ANSWERS = 12;

/** Balance of an account in an asset, as shown to the customer. */
export interface ShownBalance {
  readonly currency: string;
  readonly network: string;
  readonly balance: string;
  readonly held: string;
}

const REGISTERED_WITHIN_MS = 20_000;

/**
 * Simulated product team: requests withdrawals, retries with the reference until answered, cancels
 * occasionally, and polls until all withdrawals are final.
 */
export class Client {
  readonly asked = new Map<string, Asked>();
  private readonly api: SignedClient;
  private readonly ended = new AbortController();
  private readonly pursuing = new Set<Promise<void>>();
  private restores = 0;

  constructor(
    readonly accountId: string,
    key: IntakeKey,
    urls: readonly string[],
    private readonly say: (line: string) => void,
    /** Receives the account's webhooks about withdrawals. */
    private readonly receiver: WebhookReceiver,
  ) {
    this.api = new SignedClient(urls, key, { connections: 60, connectTimeout: 2_000 });
  }

  /** Throws if the request is refused. */
  async registerWebhook(): Promise<void> {
    const body = JSON.stringify({ url: this.receiver.url, events: [...WITHDRAWAL_EVENTS] });
    const signed = this.api.sign('POST', '/v1/webhooks', body);
    const { status, message, data } = await this.api.send(signed, REGISTERED_WITHIN_MS);
    if (status !== 200) throw new Error(`POST /v1/webhooks: ${status ?? ''} ${message}`);
    this.receiver.trust(textOf(fieldsOf(data)['secret']));
  }

  /** All webhooks with a valid signature, in order of arrival. */
  get notified(): readonly ReceivedWebhook[] {
    return this.receiver.received.filter(({ verified }) => verified);
  }

  /** True if an ended withdrawal known to the client has no webhook about the end yet. */
  get isUntold(): boolean {
    const notified = new Set(
      this.notified
        .filter(({ event }) => event !== 'withdrawal.broadcasted')
        .flatMap(({ data }) => [
          textOf(data['client_reference']),
          `#${textOf(data['withdrawal_id'])}`,
        ]),
    );
    return [...this.asked.values()].some(
      ({ order, status, number, refused }) =>
        refused === undefined &&
        status !== undefined &&
        FINAL.includes(status) &&
        !notified.has(order.unnamed ? `#${number ?? ''}` : order.reference),
    );
  }

  /** Balances of the account by the API; undefined if no request succeeds. */
  async balances(): Promise<readonly ShownBalance[] | undefined> {
    for (let tries = 0; tries < 10; tries += 1) {
      const { status, data } = await this.api.send(this.api.sign('GET', '/v1/balances'), 15_000);
      if (status === 200)
        return rowsOf(data).map((row) => ({
          currency: textOf(row['currency']),
          network: textOf(row['network']),
          balance: textOf(row['balance']),
          held: textOf(row['held']),
        }));
      await pause(1_000);
    }
    return undefined;
  }

  /** Starts the request and does not wait for the end. */
  ask(order: Order): void {
    const asked = askedNow(order);
    this.asked.set(order.reference, asked);
    const pursuing = this.pursue(asked)
      .catch((error: unknown) => this.say(`  ! client: ${String(error)}`))
      .finally(() => this.pursuing.delete(pursuing));
    this.pursuing.add(pursuing);
  }

  /** Orders neither refused nor final. */
  open(): readonly Asked[] {
    return [...this.asked.values()].filter(isOpen);
  }

  /** After a restore: polls all orders requested since the given time again. */
  doubt(since: number): void {
    this.restores += 1;
    for (const asked of this.asked.values())
      if (asked.askedAt >= since && asked.number !== undefined) delete asked.status;
  }

  /** Polls the open orders continuously, a few at once. */
  async follow(): Promise<void> {
    while (!this.ended.signal.aborted) {
      const now = Date.now();
      const due = this.open()
        .filter((asked) => asked.number !== undefined && now - asked.lookedAt > LOOK_EVERY_MS)
        .sort((a, b) => a.lookedAt - b.lookedAt)
        .slice(0, 8);
      await Promise.all(due.map((asked) => this.look(asked)));
      await pause(due.length > 0 ? 50 : 250, this.ended.signal);
    }
  }

  /** Ends all requests except `balances`, and waits for the answers to requests under way. */
  async endRequests(): Promise<void> {
    this.ended.abort();
    await Promise.all(this.pursuing);
  }

  async stop(): Promise<void> {
    await this.endRequests();
    await this.api.close();
    await this.receiver.stop();
  }

  private async pursue(asked: Asked): Promise<void> {
    await this.request(asked);
    const { cancelAfterMs } = asked.order;
    if (cancelAfterMs === undefined || asked.number === undefined) return;
    await pause(cancelAfterMs, this.ended.signal);
    await this.cancel(asked);
  }

  private async request(asked: Asked): Promise<void> {
    const { order } = asked;
    const body = JSON.stringify(order.body);
    for (let tries = 0; !this.ended.signal.aborted; tries += 1) {
      const signed = this.api.sign('POST', '/v1/withdrawals', body);
      if (tries === 0 && order.capturedAfterMs !== undefined)
        this.replay(signed, order.capturedAfterMs);
      if (order.doubled)
        void this.api.send(this.api.sign('POST', '/v1/withdrawals', body), order.patienceMs);
      const answer = await this.api.send(signed, order.patienceMs);
      this.take(asked, `POST ${answer.status ?? ''} ${answer.message}`, answer);
      if (answer.status === 200 || order.unnamed) return;
      const refused = plainNo(answer);
      if (refused !== undefined) {
        asked.refused = refused;
        return;
      }
      await pause(PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0, this.ended.signal);
    }
  }

  /** Replays the request as an eavesdropper would; the response is ignored. */
  private replay(signed: SignedRequest, afterMs: number): void {
    // A restore forgets the signatures used in the last 300 s and would accept the replay; this
    // case is not tested here.
    const { restores } = this;
    void pause(afterMs, this.ended.signal).then(async () => {
      if (!this.ended.signal.aborted && restores === this.restores)
        await this.api.send(signed, 5_000);
    });
  }

  private async cancel(asked: Asked): Promise<void> {
    asked.cancelAsked = true;
    for (let tries = 0; tries < 20 && !this.ended.signal.aborted; tries += 1) {
      const answer = await this.api.send(
        this.api.sign('DELETE', `/v1/withdrawals/${asked.number}`),
        6_000,
      );
      this.take(asked, `DELETE ${answer.status ?? ''} ${answer.message}`, answer);
      if (answer.status === 200 || plainNo(answer) !== undefined) {
        asked.cancelled = `${answer.status} ${answer.message}`;
        return;
      }
      await pause(1_000, this.ended.signal);
    }
  }

  private async look(asked: Asked): Promise<void> {
    asked.lookedAt = Date.now();
    const answer = await this.api.send(
      this.api.sign('GET', `/v1/withdrawals/${asked.number}`),
      5_000,
    );
    if (answer.status === 404) {
      asked.forgotten += 1;
      asked.answers.push('GET 404');
      if (asked.order.unnamed)
        asked.status = 'failed'; // a retry is impossible: a person must decide
      else await this.request(asked);
      return;
    }
    if (answer.status !== 200) return;
    const { client_reference, status } = fieldsOf(answer.data);
    const reference = textOf(client_reference);
    if (!asked.order.unnamed && reference !== asked.order.reference)
      asked.foreignRecord = `number ${asked.number} shows ${reference}`;
    this.take(asked, `GET 200 ${textOf(status)}`, answer);
  }

  private take(asked: Asked, call: string, { status, data }: IntakeAnswer): void {
    const line = `${new Date().toISOString()} ${call}`.trim();
    if (asked.answers.at(-1)?.slice(25) !== line.slice(25)) asked.answers.push(line);
    if (asked.answers.length > KEPT_ANSWERS) asked.answers.splice(3, 1);
    if (status !== 200) return;
    const fields = fieldsOf(data);
    const number = textOf(fields['withdrawal_id'] ?? fields['id']);
    if (number !== '') asked.number = number;
    const state = textOf(fields['status']);
    if (state !== '') asked.status = state;
  }
}

function isOpen({ refused, status, order, number, givenUp }: Asked): boolean {
  if (refused !== undefined || givenUp || (order.unnamed && number === undefined)) return false;
  return status === undefined || !FINAL.includes(status);
}
