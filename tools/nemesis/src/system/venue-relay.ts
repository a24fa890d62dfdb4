import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type VenueAnswer,
  type VenueApi,
  fieldsOf,
  parsed,
  textOf,
  type Fields,
} from '@sluice/stack';
import { recordsIn, withRecords, type RequestFault } from './request-fault.js';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A fault in force, and the share of affected requests. */
export interface RelayRule {
  readonly requestFault: RequestFault;
  /** Share from 0 to 1. */
  readonly share: number;
  /** Called for each request affected by the fault. */
  readonly onStrike?: () => void;
}

const PAGE =
  '<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>\n';
/**
 * Faults of the response only: the request is forwarded unchanged. These faults strike only if the
 * venue takes the payment.
 */
const ANSWERS_DIFFER: ReadonlySet<RequestFault['kind']> = new Set([
  ...(['cut', 'hang', 'server-error', 'html'] as const),
  ...(['refuses-and-pays', 'page-and-pays', 'swaps-answers'] as const),
]);
const CROSSING_MS = 1_500;
const RECORDS_LIED_ABOUT = 3;

/**
 * Fault-injecting proxy between a connector's instances and the simulated venue. Requests are read
 * but never changed, because requests are signed.
 */
export class VenueRelay {
  private rules: readonly RelayRule[] = [];
  private readonly agent = new Agent({ keepAlive: true });
  private crossing: ((answer: Answer) => void) | undefined;
  private firstOfTwo: Answer | undefined;
  /** Number of listing requests since the start. */
  listings = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly facts: VenueApi,
    private readonly draw: () => number,
  ) {
    server.on(
      'request',
      (incoming, outgoing) =>
        void this.serve(incoming, outgoing).catch(() => incoming.socket.destroy()),
    );
  }

  static async open(
    listenPort: number,
    targetPort: number,
    facts: VenueApi,
    draw: () => number,
  ): Promise<VenueRelay> {
    const server = createServer({ keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(listenPort, '127.0.0.1', resolve),
    );
    return new VenueRelay(server, targetPort, facts, draw);
  }

  /** In force from now on, until others are set. */
  set(rules: readonly RelayRule[]): void {
    this.rules = rules;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    this.agent.destroy();
  }

  private async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const path = (incoming.url ?? '/').split('?')[0] ?? '/';
    const pays = incoming.method === 'POST' && this.facts.pays.some((end) => path.endsWith(end));
    const lists = incoming.method === 'GET' && this.facts.lists.some((end) => path.endsWith(end));
    if (lists) this.listings += 1;
    const rule = this.drawFor(pays, lists);
    if (!rule) return reply(outgoing, await this.forward(incoming, body));
    if (pays) return this.payUnder(rule, incoming, outgoing, body);
    if (lists) return this.listUnder(rule, incoming, outgoing, body);
    rule.onStrike?.();
    incoming.socket.resetAndDestroy(); // unreachable
  }

  private drawFor(pays: boolean, lists: boolean): RelayRule | undefined {
    return this.rules.find(
      ({ requestFault, share }) => isAbout(requestFault, pays, lists) && this.draw() < share,
    );
  }

  private async payUnder(
    rule: RelayRule,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
  ): Promise<void> {
    const { requestFault } = rule;
    if (!ANSWERS_DIFFER.has(requestFault.kind)) rule.onStrike?.();
    switch (requestFault.kind) {
      case 'unreachable':
        return void incoming.socket.resetAndDestroy();
      case 'refuses':
        return writeAnswer(outgoing, this.facts.refusal);
      case 'too-many-requests':
        return writeAnswer(outgoing, this.facts.tooManyRequests);
      case 'page':
        return write(outgoing, { status: 403, body: PAGE }, 'text/html');
      case 'unlisted-code':
        return writeAnswer(outgoing, this.facts.unlistedRefusal);
      case 'late':
        await sleep(requestFault.ms);
        return reply(outgoing, await this.forward(incoming, body));
      default: {
        const answer = await this.forward(incoming, body);
        if (answer.status >= 300 || !this.isAcceptance(answer)) return reply(outgoing, answer);
        return this.answerUnder(rule, incoming, outgoing, answer);
      }
    }
  }

  /** The venue has taken the payment. */
  private async answerUnder(
    { requestFault, onStrike }: RelayRule,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    answer: Answer,
  ): Promise<void> {
    if (requestFault.kind !== 'swaps-answers') onStrike?.();
    switch (requestFault.kind) {
      case 'cut':
        return void incoming.socket.resetAndDestroy();
      case 'hang':
        return;
      case 'server-error':
        return writeAnswer(outgoing, this.facts.serverError);
      case 'html':
        return write(outgoing, { status: 502, body: PAGE }, 'text/html');
      case 'refuses-and-pays':
        return writeAnswer(outgoing, this.facts.refusal);
      case 'page-and-pays':
        return write(outgoing, { status: 403, body: PAGE }, 'text/html');
      case 'swaps-answers':
        return reply(outgoing, await this.crossed(answer, onStrike));
      default:
        return reply(outgoing, answer);
    }
  }

  private async listUnder(
    { requestFault, onStrike }: RelayRule,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Buffer,
  ): Promise<void> {
    if (requestFault.kind === 'unreachable' || requestFault.kind === 'slow-listing') onStrike?.();
    if (requestFault.kind === 'unreachable') return void incoming.socket.resetAndDestroy();
    if (requestFault.kind === 'slow-listing') await sleep(requestFault.ms);
    const answer = await this.forward(incoming, body);
    const document = parsed(answer.body.toString());
    if (answer.status !== 200 || document === undefined || !isLie(requestFault))
      return reply(outgoing, answer);
    const { recordsAt, idField } = this.facts;
    const records = recordsIn(document, recordsAt);
    const isMeant = (record: Fields): boolean =>
      sumOf(textOf(record[idField])) % RECORDS_LIED_ABOUT === 0;
    if (records.some(isMeant)) onStrike?.();
    const changed = records.flatMap((record) =>
      isMeant(record) ? this.changed(requestFault.kind, record) : [record],
    );
    reply(outgoing, {
      ...answer,
      body: Buffer.from(JSON.stringify(withRecords(document, recordsAt, changed))),
    });
  }

  private changed(kind: RequestFault['kind'], record: Fields): Fields[] {
    const { amountField, nameField, timeFields } = this.facts;
    switch (kind) {
      case 'other-amount':
        return [{ ...record, [amountField]: otherAmount(textOf(record[amountField])) }];
      case 'odd-names':
        return [{ ...record, [nameField]: 'NEW-NAME' }];
      case 'odd-times': {
        const shown = timeFields.filter((field) => field in record);
        return [{ ...record, ...Object.fromEntries(shown.map((field) => [field, '0'])) }];
      }
      default:
        return [];
    }
  }

  /**
   * Holds the first response briefly until a second response arrives, and swaps both. Without a
   * second response, the first stays unchanged.
   */
  private async crossed(answer: Answer, onStrike: RelayRule['onStrike']): Promise<Answer> {
    if (this.crossing && this.firstOfTwo) {
      const [first, hand] = [this.firstOfTwo, this.crossing];
      this.crossing = this.firstOfTwo = undefined;
      hand(answer);
      onStrike?.();
      return first;
    }
    this.firstOfTwo = answer;
    const second = await Promise.race([
      new Promise<Answer>((resolve) => (this.crossing = resolve)),
      sleep(CROSSING_MS).then(() => undefined),
    ]);
    if (second) return second;
    this.crossing = this.firstOfTwo = undefined;
    return answer;
  }

  /** Some venues refuse with 200. */
  private isAcceptance(answer: Answer): boolean {
    const { retCode, code } = fieldsOf(parsed(answer.body.toString()));
    return (retCode === undefined || retCode === 0) && (code === undefined || code === 1000);
  }

  private forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, url, headers } = incoming;
      const onward = request(
        { host: '127.0.0.1', port: this.target, method, path: url, headers, agent: this.agent },
        (response) => {
          bodyOf(response).then(
            (answered) =>
              resolve({
                status: response.statusCode ?? 502,
                headers: response.headers,
                body: answered,
              }),
            reject,
          );
        },
      );
      onward.on('error', reject);
      onward.end(body);
    });
  }
}

function isAbout(fault: RequestFault, pays: boolean, lists: boolean): boolean {
  if (fault.kind === 'unreachable') return true;
  return isLie(fault) || fault.kind === 'slow-listing' ? lists : pays;
}

const LIES_ABOUT_RECORDS: ReadonlySet<RequestFault['kind']> = new Set([
  ...(['omits', 'other-amount', 'odd-names', 'odd-times'] as const),
]);

function isLie({ kind }: RequestFault): boolean {
  return LIES_ABOUT_RECORDS.has(kind);
}

/** Changes the last digit: 9 becomes 8, any other digit grows by 1. */
function otherAmount(amount: string): string {
  return amount.replace(/\d(?=\D*$)/, (digit) =>
    digit === '9' ? '8' : String.fromCharCode(digit.charCodeAt(0) + 1),
  );
}

function sumOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
}

async function bodyOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A response to a closed connection is dropped. */
function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  if (outgoing.destroyed) return;
  const {
    'content-length': _length,
    'transfer-encoding': _coding,
    connection: _connection,
    'keep-alive': _kept,
    ...kept
  } = headers;
  outgoing.writeHead(status, { ...kept, 'content-length': body.length }).end(body);
}

function writeAnswer(outgoing: ServerResponse, { status, body }: VenueAnswer): void {
  write(outgoing, { status, body: JSON.stringify(body) }, 'application/json');
}

function write(
  outgoing: ServerResponse,
  { status, body }: { status: number; body: string },
  type: string,
): void {
  if (!outgoing.destroyed)
    outgoing
      .writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) })
      .end(body);
}
