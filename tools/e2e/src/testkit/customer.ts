import { generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto';
import type {
  CreateApiKeyDto,
  Permission,
  WithdrawalDto,
  WithdrawalRowDto,
} from '@sluice/http-api';
import type { IntakeAdmin } from '@sluice/admin-client';
import { createKey, FIRST_VENUE, fundAccount, toFreshAddress, type TwoPeople } from '@sluice/stack';
import { eventually, type SimulatedPayment } from '@sluice/test-kit';
import { ApiClient, type Answer, type Key } from './api-client.js';

export type KeyWish = Omit<CreateApiKeyDto, 'label'>;

export type Body = Readonly<Record<string, unknown>> & { readonly client_reference: string };

const PERMISSIONS: readonly Permission[] = ['withdraw', 'read_withdrawal_status', 'read_balance'];
const KEY = { label: 'e2e', permissions: PERMISSIONS };
const FINAL = ['completed', 'returned', 'failed', 'rejected', 'cancelled'];

export function freshAddress(): string {
  return `0x${randomBytes(20).toString('hex')}`;
}

export function freshUid(): string {
  return String(randomInt(100_000_000, 2_000_000_000));
}

/**
 * Body of a USDT withdrawal of 5.25 to a fresh address: the unique address identifies each
 * withdrawal in the simulator's book.
 */
export const toAddress: (change?: object) => Body = toFreshAddress;

/**
 * Body of a withdrawal to another user of the exchange; the venue supports no client reference for
 * this form.
 */
export function toUser(change: object = {}): Body {
  const destination = { type: 'venue_account', kind: 'uid', value: freshUid() };
  return {
    currency: 'USDT',
    network: 'ETH',
    venue: FIRST_VENUE,
    destination,
    amount: '7.5',
    client_reference: randomUUID(),
    ...change,
  };
}

/** Returns the recipient of a body: the address, the uid or the bank account. */
export function recipientOf(body: Body): string {
  const destination = body['destination'] as
    { value?: string; address?: string; reference_account_id?: string } | undefined;
  return (
    destination?.value ??
    destination?.address ??
    destination?.reference_account_id ??
    (body['to_address'] as string)
  );
}

/** Returns a predicate for payments to a recipient of the bodies. */
export function isOneOf(bodies: readonly Body[]): (payment: SimulatedPayment) => boolean {
  const recipients = new Set(bodies.map(recipientOf));
  return ({ destination }) => recipients.has(destination);
}

/** Product team with a separate funded account and an API key. */
export class Customer {
  /** All requested withdrawals, by reference. */
  readonly asked = new Map<string, Body>();
  readonly funded: {
    readonly currency: string;
    readonly network: string;
    readonly amount: string;
  }[] = [];
  readonly api: ApiClient;

  constructor(
    readonly accountId: string,
    key: Key,
    url: string,
    readonly intake: IntakeAdmin,
    /**
     * Clients of a second person, whose approval is required for money and keys.
     */
    readonly approver: TwoPeople['approver'],
  ) {
    this.api = new ApiClient(url, key);
  }

  static async open(
    intake: IntakeAdmin,
    approver: TwoPeople['approver'],
    url: string,
    wish: KeyWish = {},
  ): Promise<Customer> {
    const { account_id } = await intake.createAccount({ name: `e2e ${randomUUID()}` });
    const key = await createKey({ intake, approver }, account_id, { ...KEY, ...wish });
    return new Customer(account_id, key, url, intake, approver);
  }

  async fund(amount: string, currency = 'USDT', network = 'ETH'): Promise<this> {
    const funding = { currency, network, amount };
    await fundAccount(this, this.accountId, [funding]);
    this.funded.push(funding);
    return this;
  }

  /** Returns a client of the same account with another key. */
  async withAnotherKey(wish: KeyWish = {}): Promise<ApiClient> {
    return new ApiClient(this.api.url, await createKey(this, this.accountId, { ...KEY, ...wish }));
  }

  /**
   * Returns a client of the same account with a new key, and the public key. Only the customer has
   * the private key.
   */
  async withOwnKey(): Promise<{ readonly api: ApiClient; readonly publicKey: string }> {
    const { publicKey: spki, privateKey } = generateKeyPairSync('ed25519');
    const publicKey = spki.export({ format: 'der', type: 'spki' }).toString('base64');
    const wish = { algorithm: 'ed25519', public_key: publicKey } as const;
    const { key_id } = await createKey(this, this.accountId, { ...KEY, ...wish });
    return { api: new ApiClient(this.api.url, { key_id, secret: privateKey }), publicKey };
  }

  post(
    body: Body,
    { wait, api = this.api }: { wait?: number; api?: ApiClient } = {},
  ): Promise<Answer> {
    this.asked.set(body.client_reference, body);
    const headers: Record<string, string> = wait === undefined ? {} : { prefer: `wait=${wait}` };
    return api.send({
      method: 'POST',
      target: '/v1/withdrawals',
      body: JSON.stringify(body),
      headers,
    });
  }

  /**
   * Posts like a correct client: repeats the request with the same reference after a connection
   * error or a 5xx answer, for at most 45 s.
   */
  postUntilAnswered(body: Body, api: ApiClient = this.api): Promise<Answer> {
    return eventually(
      async () => {
        const answer = await this.post(body, { api });
        if (answer.status >= 500) throw new Error(`${answer.status} ${answer.message}`);
        return answer;
      },
      { withinMs: 45_000, everyMs: 100 },
    );
  }

  /**
   * Posts a batch and returns the withdrawal numbers. Repeats the whole batch until an answer
   * contains all numbers.
   */
  postBatchUntilAnswered(bodies: readonly Body[]): Promise<readonly number[]> {
    for (const body of bodies) this.asked.set(body.client_reference, body);
    const call = { method: 'POST', target: '/v1/withdrawals/batch' };
    const body = JSON.stringify({ withdrawals: bodies });
    return eventually(
      async () => {
        const { text } = await this.api.send({ ...call, body });
        const results = (JSON.parse(text).data ?? []) as { data: Answer['data'] | null }[];
        const numbers = results.flatMap(
          ({ data }) => data?.['withdrawal_id'] ?? data?.['id'] ?? [],
        );
        if (numbers.length < bodies.length) throw new Error(text);
        return numbers as number[];
      },
      { withinMs: 45_000, everyMs: 100 },
    );
  }

  cancel(number: unknown, { wait }: { wait?: number } = {}): Promise<Answer> {
    const headers: Record<string, string> = wait === undefined ? {} : { prefer: `wait=${wait}` };
    return this.api.send({
      method: 'DELETE',
      target: `/v1/withdrawals/${String(number)}`,
      headers,
    });
  }

  get(number: unknown): Promise<Answer> {
    return this.api.send({ target: `/v1/withdrawals/${String(number)}` });
  }

  async balance(
    currency = 'USDT',
    network = 'ETH',
  ): Promise<{ balance: string; held: string; available: string } | undefined> {
    const answer = await this.api.send({
      target: `/v1/balances?currency=${currency}&network=${network}`,
    });
    const [row] = JSON.parse(answer.text).data;
    return row && { balance: row.balance, held: row.held, available: row.available };
  }

  /** Returns the withdrawal after reaching any of the states. */
  reaches(ref: unknown, states: readonly string[], withinMs = 30_000): Promise<WithdrawalDto> {
    return eventually(
      async () => {
        const detail = await this.intake.withdrawal(String(ref));
        if (!states.includes(detail.state))
          throw new Error(
            `withdrawal ${detail.number} is ${detail.state} and awaits ${detail.awaits}`,
          );
        return detail;
      },
      { withinMs, everyMs: 50 },
    );
  }

  isFinal(ref: unknown, withinMs = 30_000): Promise<WithdrawalDto> {
    return this.reaches(ref, FINAL, withinMs);
  }

  /** Returns every withdrawal of the account in the operators' view. */
  async withdrawals(): Promise<readonly WithdrawalRowDto[]> {
    const all = { account_id: this.accountId, limit: 9_999 };
    return (await this.intake.withdrawals(all)).data;
  }

  /** Their states, once none is under way. */
  allFinal(withinMs = 60_000): Promise<readonly string[]> {
    return eventually(
      async () => {
        const states = (await this.withdrawals()).map(({ state }) => state);
        const open = states.filter((state) => !FINAL.includes(state));
        if (open.length > 0)
          throw new Error(
            `${open.length} of ${states.length} are under way: ${[...new Set(open)].join(', ')}`,
          );
        return states;
      },
      { withinMs, everyMs: 100 },
    );
  }
}

/** The public number of a withdrawal in either shape of the answer. */
export function numberOf({ data }: Answer): number {
  return (data['withdrawal_id'] ?? data['id']) as number;
}
