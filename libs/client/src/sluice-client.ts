import { checkedCount, checkedText, checkedUrl } from './arguments.js';
import { batchItem } from './batch.js';
import { Balances, Currencies, Transactions } from './holdings.js';
import { RequestSigner, type Credentials } from './request-signature.js';
import { SignedCalls, type CallOptions } from './signed-calls.js';
import { unixMs } from './system-clock.js';
import { Webhooks } from './webhooks.js';
import { Withdrawals } from './withdrawals.js';

export type ClientOptions = Credentials & {
  /** Where the API is: `https://pay.example`. */
  readonly url: string;
  /** For each request; 15,000 unless told. The API decides within 8 s. */
  readonly timeoutMs?: number;
  /** Requests of one call in all, 5 unless told; 1: nothing is sent again. */
  readonly attempts?: number;
  /** A `Retry-After` of more is not waited for, 60,000 unless told. */
  readonly longestPauseMs?: number;
  /** In place of Node's own, for instance with a proxy. It must send the URL as it is, and repeat nothing by itself. */
  readonly fetch?: typeof fetch;
};

/** The REST API of Sluice, as one key sees it. Has no state that a restart would lose, and nothing to close. */
export class SluiceClient {
  readonly withdrawals: Withdrawals;
  readonly balances: Balances;
  readonly currencies: Currencies;
  readonly transactions: Transactions;
  readonly webhooks: Webhooks;
  private readonly calls: SignedCalls;

  /** Throws `TypeError` for options that make no sense. */
  constructor(options: ClientOptions) {
    const { timeoutMs = 15_000, attempts = 5, longestPauseMs = 60_000 } = options;
    const patience = {
      timeoutMs: checkedCount('timeoutMs', timeoutMs, 1),
      attempts: checkedCount('attempts', attempts, 1),
      longestPauseMs: checkedCount('longestPauseMs', longestPauseMs, 0),
    };
    const environment = { send: options.fetch ?? fetch, unixMs, random: Math.random };
    const signer = new RequestSigner(checkedCredentials(options));
    this.calls = new SignedCalls(checkedUrl(options.url), signer, patience, environment);
    this.withdrawals = new Withdrawals(this.calls, batchItem(options, signer));
    this.balances = new Balances(this.calls);
    this.currencies = new Currencies(this.calls);
    this.transactions = new Transactions(this.calls);
    this.webhooks = new Webhooks(this.calls);
  }

  /** Resolves when address, key and signature are good. */
  async ping(options?: CallOptions): Promise<void> {
    await this.calls.make({ method: 'GET', path: '/v1/_ping', repeat: 'read' }, options);
  }

  /** Where a network's wallet is filled up. Throws `HotWalletNotAllocatedError` while there is none. */
  async hotWalletAddress(
    network: string,
    options?: CallOptions,
  ): Promise<{ readonly network: string; readonly address: string }> {
    const query = { network: checkedText('network', network) };
    const path = '/v1/hot-wallet-address';
    const { data } = await this.calls.make({ method: 'GET', path, repeat: 'read', query }, options);
    return data as { readonly network: string; readonly address: string };
  }
}

function checkedCredentials(credentials: Credentials): Credentials {
  checkedText('keyId', credentials.keyId);
  const given = ['secret', 'privateKey'].filter((name) => name in credentials);
  if (given.length !== 1)
    throw new TypeError('secret, privateKey: Exactly one of them should be given');
  if ('secret' in credentials) checkedText('secret', credentials.secret);
  return credentials;
}
