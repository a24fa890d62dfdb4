import { Addresses } from './addresses.js';
import type { HotWalletAddress } from './api-types.js';
import { checkedCount, checkedText, checkedUrl } from './arguments.js';
import { batchItem } from './batch.js';
import { Balances, Currencies, Transactions } from './holdings.js';
import { RequestSigner, type Credentials } from './request-signature.js';
import { SignedCalls, type CallOptions } from './signed-calls.js';
import { unixMs } from './system-clock.js';
import { Webhooks } from './webhooks.js';
import { Withdrawals } from './withdrawals.js';

export type ClientOptions = Credentials & {
  /** Origin of the API, e.g. `https://pay.example`. */
  readonly url: string;
  /** Timeout of each request (ms); default: 15,000. The API decides within 8 s. */
  readonly timeoutMs?: number;
  /** Maximum number of requests of a call; default: 5. With 1 no request is repeated. */
  readonly attempts?: number;
  /** Longest accepted `Retry-After` (ms); default: 60,000. The client does not wait longer. */
  readonly longestPauseMs?: number;
  /**
   * Replacement for Node's `fetch`, e.g. with a proxy. The replacement must send the URL unchanged
   * and must not retry.
   */
  readonly fetch?: typeof fetch;
};

/**
 * REST API of Sluice for a single key. The client has no state to lose in a restart, and no
 * resource to close.
 */
export class SluiceClient {
  readonly withdrawals: Withdrawals;
  readonly balances: Balances;
  readonly currencies: Currencies;
  readonly transactions: Transactions;
  readonly webhooks: Webhooks;
  readonly addresses: Addresses;
  private readonly calls: SignedCalls;

  /** Throws `TypeError` for invalid options. */
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
    this.addresses = new Addresses(this.calls);
  }

  /** Resolves when address, key and signature are good. */
  async ping(options?: CallOptions): Promise<void> {
    await this.calls.make({ method: 'GET', path: '/v1/_ping', repeat: 'read' }, options);
  }

  /**
   * Returns the address to fill up a network's hot wallet. Throws `HotWalletNotAllocatedError`
   * while no wallet exists.
   */
  async hotWalletAddress(network: string, options?: CallOptions): Promise<HotWalletAddress> {
    const query = { network: checkedText('network', network) };
    const path = '/v1/hot-wallet-address';
    return this.calls.object({ method: 'GET', path, repeat: 'read', query }, options);
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
