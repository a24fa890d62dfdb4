import { parseGwei, type Hex } from 'viem';
import { ChainControl } from '../chains/chain-control.js';
import { devAccount, startAnvil, type AnvilServer } from '../chains/start-anvil.js';
import { RpcProxy } from './rpc-proxy.js';

const sender = devAccount(1);

describe('RpcProxy', () => {
  let chain: AnvilServer;
  let proxy: RpcProxy;
  let seen: ChainControl;
  beforeEach(async () => {
    chain = await startAnvil({ chainId: 31337, automine: false, finalityDepth: 2 });
    proxy = await RpcProxy.to(chain.url);
    seen = new ChainControl(proxy.url, 31337);
  });
  afterEach(async () => {
    await proxy.stop();
    await chain.stop();
  });

  function signed(nonce: number): Promise<Hex> {
    const fees = { maxFeePerGas: parseGwei('10'), maxPriorityFeePerGas: parseGwei('1') };
    const what = { to: devAccount(2).address, value: 1n, gas: 21_000n, ...fees };
    return sender.signTransaction({ type: 'eip1559', chainId: 31337, nonce, ...what });
  }

  function post(body: unknown): Promise<Response> {
    return fetch(proxy.url, { method: 'POST', body: JSON.stringify(body) });
  }

  it('passes on calls and batches, each with its own id, and remembers them', async () => {
    const call = { jsonrpc: '2.0', method: 'eth_chainId', params: [] };

    const answers = await (
      await post([
        { ...call, id: 'a' },
        { ...call, id: 7 },
      ])
    ).json();

    expect(answers).toEqual([
      { jsonrpc: '2.0', id: 'a', result: '0x7a69' },
      { jsonrpc: '2.0', id: 7, result: '0x7a69' },
    ]);
    expect(proxy.countOf('eth_chainId')).toBe(2);
  });

  it('hangs for the configured number of calls, after the node has the transaction', async () => {
    const raw = await signed(0);
    const scope = { methods: ['eth_sendRawTransaction'], times: 1, passOn: true };
    proxy.lie({ kind: 'hang' }, scope);
    const call = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [raw] };

    const hung = fetch(proxy.url, {
      method: 'POST',
      body: JSON.stringify(call),
      signal: AbortSignal.timeout(300),
    });

    await expect(hung).rejects.toThrow(/timeout/);
    expect(await chain.pool()).toHaveLength(1);
    expect(await (await post(call)).json()).toMatchObject({ error: { code: -32003 } });
  });

  it.each([
    [{ kind: 'html' }, 200, 'text/html'],
    [{ kind: 'html', status: 502 }, 502, 'text/html'],
    [{ kind: 'status', status: 503 }, 503, null],
  ] as const)('answers %j', async (lie, status, type) => {
    proxy.lie(lie);

    const answer = await post({ jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] });

    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, type]);
  });

  it('cuts before the node has heard anything', async () => {
    proxy.lie({ kind: 'cut' }, { methods: ['eth_sendRawTransaction'] });

    await expect(
      seen.client.sendRawTransaction({ serializedTransaction: await signed(0) }),
    ).rejects.toThrow();

    expect(await chain.pool()).toEqual([]);
    expect(await seen.head()).toBe(0n);
  });

  it('responds with already known for a dropped transaction', async () => {
    proxy.sayAlreadyKnown({ times: 1 });
    const raw = await signed(0);

    await expect(seen.client.sendRawTransaction({ serializedTransaction: raw })).rejects.toThrow(
      /already known/,
    );

    expect(await chain.pool()).toEqual([]);
    await seen.client.sendRawTransaction({ serializedTransaction: raw });
    expect(await chain.pool()).toHaveLength(1);
  });

  it('lies about nonces until it is honest again', async () => {
    proxy.lieAboutNonces(3n);

    expect(await seen.nonce(sender.address)).toBe(3n);

    proxy.honest();
    expect(await seen.nonce(sender.address)).toBe(0n);
  });

  it('lags: what is in the newest blocks has not happened there', async () => {
    const raw = await signed(0);
    const hash = await chain.client.sendRawTransaction({ serializedTransaction: raw });
    await chain.mine(5);

    proxy.lagBy(5);

    expect([await seen.head(), await seen.nonce(sender.address)]).toEqual([0n, 0n]);
    await expect(seen.client.getTransactionReceipt({ hash })).rejects.toThrow(/not be found/);
    proxy.lagBy(4);
    expect([await seen.head(), await seen.nonce(sender.address)]).toEqual([1n, 1n]);
    expect((await seen.client.getTransactionReceipt({ hash })).status).toBe('success');
  });

  it('is on a branch of its own after a block: as high, other hashes, other transactions', async () => {
    await chain.mine(2);
    const raw = await signed(0);
    await chain.client.sendRawTransaction({ serializedTransaction: raw });
    await chain.mine(2);
    const hashes = async (control: ChainControl): Promise<readonly (string | null)[]> =>
      Promise.all(
        [2n, 3n, 4n].map(
          async (blockNumber) => (await control.client.getBlock({ blockNumber })).hash,
        ),
      );

    proxy.forkAfter(2n);

    const [true2, true3, true4] = await hashes(chain);
    const [seen2, seen3, seen4] = await hashes(seen);
    expect([await seen.head(), await seen.nonce(sender.address)]).toEqual([4n, 0n]);
    expect([seen2 === true2, seen3 === true3, seen4 === true4]).toEqual([true, false, false]);
    expect((await seen.client.getBlock({ blockNumber: 4n })).parentHash).toBe(seen3);
  });
});
