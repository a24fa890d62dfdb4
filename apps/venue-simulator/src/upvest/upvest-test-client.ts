import { randomUUID } from 'node:crypto';
import { readUpvestPrivateKey, signUpvest } from '@sluice/signing';
import {
  credentialsOf,
  json,
  TestClient,
  type JsonFields,
  type VenueReply,
} from '../testing/test-client.js';

export interface UpvestCredentials {
  readonly client_id: string;
  readonly client_secret: string;
  readonly key_id: string;
  readonly private_key: string;
  readonly scopes: readonly string[];
  readonly user_id: string;
  readonly account_group_id: string;
  readonly reference_account_id: string;
}

interface Wire {
  /** Header changes before signing; undefined omits a header. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly signing?: Partial<{ keyId: string; created: number; expires: number; nonce: string }>;
  /** Headers sent without a signature. */
  readonly unsigned?: readonly string[];
  /** Change headers after signing. */
  readonly late?: Readonly<Record<string, string>>;
}

/** Speaks to a simulated Upvest as a client would, and to its control API as a test does. For specs only. */
export class UpvestTestClient extends TestClient {
  token = '';

  constructor(
    url: string,
    readonly key: UpvestCredentials,
  ) {
    super(url);
  }

  static async of(url: string, change: Partial<UpvestCredentials> = {}): Promise<UpvestTestClient> {
    const credentials = await credentialsOf<UpvestCredentials>(url);
    const client = new UpvestTestClient(url, { ...credentials, ...change });
    await client.login();
    return client;
  }

  async login(change: JsonFields = {}): Promise<VenueReply> {
    const { client_id, client_secret, scopes } = this.key;
    const fields = {
      client_id,
      client_secret,
      grant_type: 'client_credentials',
      scope: scopes.join(' '),
      ...change,
    } as Record<string, string>;
    const reply = await this.call('POST', '/auth/token', new URLSearchParams(fields).toString(), {
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: undefined },
    });
    if (reply.status === 200) this.token = String(json(reply)['access_token']);
    return reply;
  }

  async call(
    method: string,
    target: string,
    body = '',
    { headers = {}, signing = {}, unsigned = [], late = {} }: Wire = {},
  ): Promise<VenueReply> {
    const [path = '', query = ''] = target.split('?');
    const own: Record<string, string | undefined> = {
      accept: 'application/json',
      authorization: `Bearer ${this.token}`,
      'upvest-client-id': this.key.client_id,
      ...(body === '' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    };
    const sent = Object.fromEntries(
      Object.entries(own).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    const covered = Object.fromEntries(
      Object.entries(sent).filter(([name]) => !unsigned.includes(name)),
    );
    const created = Math.floor(Date.now() / 1000);
    const options = {
      keyId: this.key.key_id,
      created,
      expires: created + 5,
      nonce: randomUUID(),
      ...signing,
    };
    const added = signUpvest(
      'v15',
      readUpvestPrivateKey(this.key.private_key),
      { method, path, query, headers: covered, body },
      options,
    );
    return this.send(target, {
      method,
      headers: { ...sent, ...added, ...late },
      ...(body === '' ? {} : { body }),
    });
  }

  withdraw(
    change: JsonFields = {},
    key: string | undefined = randomUUID(),
    wire: Wire = {},
  ): Promise<VenueReply> {
    const { user_id, account_group_id, reference_account_id } = this.key;
    const order = {
      user_id,
      account_group_id,
      reference_account_id,
      amount: '12.50',
      currency: 'EUR',
      remittance_information: 'order-1',
      ...change,
    };
    return this.call('POST', '/payments/withdrawals', JSON.stringify(order), {
      ...wire,
      headers: { 'idempotency-key': key, ...wire.headers },
    });
  }

  async get(id: unknown): Promise<JsonFields> {
    return json(await this.call('GET', `/payments/withdrawals/${String(id)}`));
  }

  async list(query = ''): Promise<{ meta: JsonFields; data: JsonFields[] }> {
    const reply = await this.call(
      'GET',
      `/account_groups/${this.key.account_group_id}/payments/withdrawals${query}`,
    );
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    return JSON.parse(reply.text) as { meta: JsonFields; data: JsonFields[] };
  }

  until(id: unknown, status: string): Promise<JsonFields> {
    return this.poll(
      () => this.get(id),
      (record) => record['status'] === status,
      `${String(id)} never became ${status}`,
    );
  }
}

export function problemOf(reply: VenueReply): string {
  return String(json(reply)['type']).split('/').at(-1) ?? '';
}
