import { createHmac, randomUUID } from 'node:crypto';
import { EventSigningKey, verifyIntake } from '@sluice/signing';
import { startTestServer, type TestServer } from '@sluice/test-kit';

/** Withdrawal reported by Kafka and webhooks. */
export interface ReportedWithdrawal {
  readonly id: string;
  readonly number: number;
  readonly currency: string;
  readonly amount: string;
}

export interface KafkaMessage {
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STEPS = [
  ['submitting', 'pending'],
  ['broadcast', 'broadcasted'],
  ['completed', 'confirmed'],
] as const;
const WEBHOOKS = [
  ['withdrawal.broadcasted', 2],
  ['withdrawal.confirmed', 3],
] as const;
export const STEP_COUNT = STEPS.length;
export const WEBHOOK_COUNT = WEBHOOKS.length;

let given = 0;

/** Creates withdrawals with new numbers, cycling through the currencies. */
export function someWithdrawals(
  count: number,
  currencies: readonly string[] = ['ETH', 'USDT'],
): readonly ReportedWithdrawal[] {
  return Array.from({ length: count }, (_, at) => ({
    id: randomUUID(),
    number: 57_212_345_000_000 + ++given,
    currency: currencies[at % currencies.length] ?? '',
    amount: `${at + 1}.000001`,
  }));
}

/** Key of intake-api in tests. */
export const EVENTS_KEY = EventSigningKey.parse(Buffer.alloc(32, 'events').toString('base64'));

/** Returns signed messages for all steps, each with a separate id. A repeated message keeps the id. */
export function kafkaMessagesOf(withdrawal: ReportedWithdrawal): readonly KafkaMessage[] {
  const { id, number, currency, amount } = withdrawal;
  const messages = STEPS.map(([state, status], at) => ({
    topic: 'withdrawal.events',
    key: id,
    headers: {
      ce_id: randomUUID(),
      ce_type: `withdrawal.${state}.v1`,
      ce_source: 'intake-api',
      ce_time: '2026-11-20T09:04:37.112Z',
      ce_subject: id,
    },
    value: JSON.stringify({
      withdrawalId: id,
      number: String(number),
      sequence: at + 1,
      accountId: randomUUID(),
      clientReference: `order-${number}`,
      currency,
      network: 'ETH',
      amount,
      fee: '1',
      status,
      stage: 'done',
      txHash: null,
      errorMessage: null,
      reason: null,
      at: '2026-11-20T09:04:37.112Z',
    }),
  }));
  return EVENTS_KEY.sign(messages).map(({ key, headers, value }) => ({ key, headers, value }));
}

/** Returns the webhook bodies of a withdrawal. A repeated webhook has the same bytes. */
export function webhooksOf(
  { number, currency, amount }: ReportedWithdrawal,
  firstDelivery: number,
): readonly string[] {
  return WEBHOOKS.map(([event, sequence], at) =>
    JSON.stringify({
      id: firstDelivery + at,
      event,
      created_at: '2026-11-20T09:04:38Z',
      api_version: '1',
      data: {
        withdrawal_id: number,
        client_reference: `order-${number}`,
        currency,
        network: 'ETH',
        to_address: '0x52908400098527886E0F7030069857D2E4169EE7',
        amount,
        fee: '1',
        tx_hash: null,
        sequence,
      },
    }),
  );
}

export function signedWebhook(secret: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}\n${body}`).digest('hex');
  return { 'x-cpg-timestamp': timestamp, 'x-cpg-signature': signature };
}

/** Shuffles a list, determined by the seed alone. */
export function shuffled<T>(list: readonly T[], seed: number): readonly T[] {
  let state = seed;
  const draw = (): number => (state = (state * 48_271) % 2_147_483_647);
  return list
    .map((one) => [draw(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
}

/** Received request; `isGenuine` is true if signed with `a-secret`. */
interface Arrived {
  readonly isGenuine: boolean;
  readonly timestamp: string;
  readonly body: string;
}

type ScriptedAnswer = readonly ['cut'] | readonly [status: number, message: string];

/** API server returning the given responses in order. */
export class ScriptedAnswers {
  readonly arrived: Arrived[] = [];

  private constructor(private readonly server: TestServer) {}

  static async start(answers: readonly ScriptedAnswer[]): Promise<ScriptedAnswers> {
    const left = [...answers];
    const server = await startTestServer((request, response, body) => {
      const { method = '', url: path = '', headers } = request;
      const timestamp = String(headers['x-cpg-timestamp']);
      const signed = { timestamp, method, path, query: '', body };
      const isGenuine = verifyIntake('a-secret', signed, String(headers['x-cpg-signature']));
      api.arrived.push({ isGenuine, timestamp, body });
      const [status, message] = left.shift() ?? ['cut'];
      if (status === 'cut') return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ success: status === 200, message, data: {} }));
    });
    const api = new ScriptedAnswers(server);
    return api;
  }

  get url(): string {
    return this.server.url;
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
