import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Address, getAddress } from 'viem';
import {
  type ChainSettings,
  type FeePolicy,
  NATIVE_DECIMALS,
  textOf,
  type TopUpPolicy,
} from '@sluice/evm';
import type { SimulatedPayment } from '@sluice/test-kit';
import { type TestPostgres, withTestPostgres } from '@sluice/test-servers';
import {
  type AnvilServer,
  type ChainControl,
  deployToken,
  devAccount,
  mint,
  type RpcLie,
  type RpcLieScope,
  RpcProxy,
  startAnvil,
  type TokenKind,
  transfersOf,
} from '@sluice/test-servers/evm';
import { TestSigner } from './test-signer.js';

export const HOT_WALLETS = [0, 1].map((index) => devAccount(index).address);
export const TANK = devAccount(8).address;
const TOKEN_DECIMALS = 6;

export interface VenueOptions {
  /** Block interval in milliseconds; 0: a block only for each `mine`. */
  readonly blockTimeMs: number;
  readonly confirmations: number;
  readonly token: TokenKind;
  readonly stuckAfterBlocks: number;
  readonly topUps?: TopUpPolicy;
}

const USUAL: VenueOptions = {
  blockTimeMs: 200,
  confirmations: 2,
  token: 'silent',
  stuckAfterBlocks: 1_000,
};

/** A real chain with a token behind a proxy, and the real signer. */
export class WalletVenue {
  private readonly server = createServer(
    (request: IncomingMessage, response: ServerResponse) =>
      void this.answer(request, response).catch((error: unknown) =>
        response.writeHead(500).end(String(error)),
      ),
  );

  private constructor(
    private readonly anvil: AnvilServer,
    readonly proxy: RpcProxy,
    readonly token: Address,
    readonly signer: TestSigner,
    private readonly postgres: TestPostgres,
  ) {}

  static async start(change: Partial<VenueOptions> = {}): Promise<WalletVenue> {
    const options = { ...USUAL, ...change };
    const postgres = await withTestPostgres();
    const anvil = await startAnvil({
      chainId: 31337,
      ...(options.blockTimeMs > 0 ? { blockTimeMs: options.blockTimeMs } : { automine: false }),
    });
    if (options.blockTimeMs === 0) await anvil.automine(true);
    const token = getAddress(await deployToken(anvil, options.token, TOKEN_DECIMALS));
    for (const address of HOT_WALLETS) await mint(anvil, token, address, 10n ** 15n);
    if (options.blockTimeMs === 0) await anvil.automine(false);
    const proxy = await RpcProxy.to(anvil.url);
    const chains = chainsText(proxy.url, token, options);
    const signer = await TestSigner.start(postgres, chains);
    const venue = new WalletVenue(anvil, proxy, token, signer, postgres);
    await new Promise<void>((resolve) => venue.server.listen(0, '127.0.0.1', resolve));
    return venue;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get chain(): ChainControl {
    return this.anvil;
  }

  /** All payments from our addresses, according to the chain, each listed once. */
  async payments(): Promise<SimulatedPayment[]> {
    const all = await Promise.all(
      HOT_WALLETS.map(async (from) => [
        ...(await transfersOf(this.chain, this.token, from)).map(({ hash, to, value }) =>
          payment(hash, to, textOf(value, TOKEN_DECIMALS), 'USDT'),
        ),
        ...(await this.chain.minedBy(from)).flatMap(({ hash, to, value }) =>
          value === 0n ? [] : [payment(hash, to ?? '', textOf(value, NATIVE_DECIMALS), 'ETH')],
        ),
      ]),
    );
    return all.flat();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.signer.stop();
    await this.proxy.stop();
    await this.anvil.stop();
    await this.postgres.stop();
  }

  /** The simulators' control API, for the common suites. */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    response.end(JSON.stringify((await this.control(request.url ?? '', body)) ?? null));
  }

  private async control(path: string, body: Record<string, unknown>): Promise<unknown> {
    if (path === '/_sim/payments') return this.payments();
    if (path === '/_sim/credentials')
      return {
        chains: this.signer.chains,
        signer_url: this.signer.url,
        service_key: this.signer.serviceKey,
        token: this.token,
      };
    if (path === '/_sim/faults') {
      if (body['clear'] === true) this.proxy.honest();
      else await lieOf(this, body);
    }
    return null;
  }
}

function payment(id: string, to: string, amount: string, currency: string): SimulatedPayment {
  return {
    id,
    currency,
    amount,
    client_id: null,
    chain: 'ETH',
    memo: null,
    status: 'mined',
    destination: to,
    net_amount: amount,
  };
}

function chainsText(url: string, token: Address, options: VenueOptions): string {
  return JSON.stringify([
    testChain(31337, [url], {
      finality: { confirmations: options.confirmations },
      fees: { ...FEES, maxFeeCapGwei: '200', stuckAfterBlocks: options.stuckAfterBlocks },
      tokens: [{ currency: 'USDT', address: token, decimals: TOKEN_DECIMALS }],
      wallets: [
        ...HOT_WALLETS.map((address) => ({ address, purpose: 'hot' as const })),
        { address: TANK, purpose: 'tank' },
      ],
      ...(options.topUps && { topUps: options.topUps }),
    }),
  ]);
}

/** Faults of the control API as a node has them; `endpoint` is a method of JSON-RPC. */
async function lieOf(venue: WalletVenue, body: Record<string, unknown>): Promise<void> {
  const method = String(body['endpoint']);
  const status = typeof body['http_status'] === 'number' ? body['http_status'] : 500;
  const scope = { methods: [method], times: 1 };
  const lieOnce = (lie: RpcLie, more: Partial<RpcLieScope> = {}): void =>
    void venue.proxy.lie(lie, { ...scope, ...more });
  switch (body['fault']) {
    case 'accept_then_hang':
      return lieOnce({ kind: 'hang' }, { passOn: true });
    case 'accept_then_cut':
      return lieOnce({ kind: 'cut' }, { passOn: true });
    case 'accept_then_5xx':
      return lieOnce({ kind: 'status', status: 502 }, { passOn: true });
    case 'hang_then_refuse':
    case 'slow_listing':
      return lieOnce({ kind: 'hang' });
    case 'refuse_with_5xx':
      return lieOnce({ kind: 'status', status: 502 });
    case 'html_body':
      return lieOnce({ kind: 'html', status });
    case 'too_many_requests':
      return lieOnce({ kind: 'status', status: 429 });
    case 'status_goes_back':
      await venue.chain.reorg(1);
      return;
    default:
      throw new Error(`a node has no fault ${String(body['fault'])}`);
  }
}

export const FEES: FeePolicy = {
  maxFeeCapGwei: '100',
  tipGwei: '1',
  bumpPercent: 12.5,
  stuckAfterBlocks: 3,
  recipientGasLimit: 100_000,
};

/** Settings of a test chain: account 0 pays, account 8 is the tank. */
export function testChain(
  chainId: number,
  rpcUrls: readonly string[],
  change: Partial<ChainSettings> = {},
): ChainSettings {
  return {
    network: 'ETH',
    chainId,
    rpcUrls,
    finality: { confirmations: 3 },
    fees: FEES,
    native: { currency: 'ETH' },
    tokens: [],
    wallets: [
      { address: devAccount(0).address, purpose: 'hot' },
      { address: devAccount(8).address, purpose: 'tank' },
    ],
    ...change,
  };
}
