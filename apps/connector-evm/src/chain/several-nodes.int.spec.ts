import {
  deployToken,
  devAccount,
  mint,
  RpcProxy,
  setBlocked,
  startAnvil,
  type AnvilServer,
  type TokenKind,
} from '@sluice/test-servers/evm';
import { eventually } from '@sluice/test-kit';
import { parseAbi } from 'viem';
import { testChain } from '../testing/wallet-venue.js';
import { signedTransfer } from '../testing/orders.js';
import { RpcChain } from './rpc-chain.js';

const CHAIN_ID = 31337;
const FROM = devAccount(0).address;
/** A node that gave no answer rests for ten seconds. */
const IN_REST = { withinMs: 30_000, everyMs: 500 };
const FEES = { maxFeePerGas: 3_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
const RECEIPT = ['eth_getTransactionReceipt'];

describe('a chain through two nodes', () => {
  let anvil: AnvilServer;
  let first: RpcProxy;
  let second: RpcProxy;
  let chain: RpcChain;
  beforeEach(async () => {
    anvil = await startAnvil({ chainId: CHAIN_ID, automine: false });
    [first, second] = [await RpcProxy.to(anvil.url), await RpcProxy.to(anvil.url)];
    chain = new RpcChain(testChain(CHAIN_ID, [first.url, second.url]), { timeoutMs: 20_000 });
    await anvil.mine(20);
  });
  afterEach(async () => {
    await chain.close();
    await Promise.all([first.stop(), second.stop()]);
    await anvil.stop();
  });

  const nameOf = ({ url }: RpcProxy) => new URL(url).host;
  /** Sent past both nodes, and so deep that it is final. */
  const finalPayment = async () => {
    const { raw, hash } = await signedTransfer(anvil, { nonce: 0 });
    await anvil.client.sendRawTransaction({ serializedTransaction: raw });
    await anvil.mine(6);
    await chain.head();
    return hash;
  };
  const receiptOf = async (hash: `0x${string}`) => (await chain.receipts([hash]))?.get(hash);

  it('believes the first, and takes for final what both have', async () => {
    expect(await chain.head()).toMatchObject({ number: 20n, finalNumber: 18n });
    expect(chain.trouble()).toEqual([]);
  });

  it('goes past one that is behind, and waits for it with what is final', async () => {
    first.lagBy(7);

    expect(await chain.head()).toMatchObject({ number: 20n, finalNumber: 11n });
    expect(chain.trouble()).toEqual([`${nameOf(first)} is 7 blocks behind`]);
  });

  it.each<[string, (proxy: RpcProxy) => RpcProxy, RegExp]>([
    [
      'answers HTML',
      (proxy) => proxy.lie({ kind: 'html' }),
      /status 200 with unreadable text\/html/,
    ],
    ['answers 503', (proxy) => proxy.lie({ kind: 'status', status: 503 }), /status 503/],
    ['cuts the connection', (proxy) => proxy.lie({ kind: 'cut' }), /: UND_ERR_SOCKET|: ECONNRESET/],
    [
      'has lost its database',
      (proxy) => proxy.lie({ kind: 'error', code: -32603, message: 'leveldb closed' }),
      /-32603 leveldb closed/,
    ],
    [
      'is on another chain',
      (proxy) => proxy.lie({ kind: 'answer', change: () => '0x1' }, { methods: ['eth_chainId'] }),
      /is on chain 1, not 31337/,
    ],
    [
      'has no EIP-1559',
      (proxy) =>
        proxy.lie(
          { kind: 'answer', change: withoutBaseFee },
          { methods: ['eth_getBlockByNumber'] },
        ),
      /no base fee/,
    ],
  ])('goes past one that %s', async (_, lie, sentence) => {
    lie(first);

    expect(await chain.head()).toMatchObject({ number: 20n, finalNumber: 18n });
    expect(chain.trouble()).toEqual([expect.stringMatching(sentence)]);
    const hash = await finalPayment();
    expect(await receiptOf(hash)).toBeUndefined();
    first.honest();
    await eventually(async () => {
      await chain.head();
      expect(await receiptOf(hash)).toMatchObject({ hash, status: 'success' });
    }, IN_REST);
  });

  it('goes past one that hangs, and does not wait for it again soon', async () => {
    const hasty = new RpcChain(testChain(CHAIN_ID, [first.url, second.url]), { timeoutMs: 3_000 });
    first.lie({ kind: 'hang' });
    await hasty.head();
    const asked = first.calls.length;

    expect(await hasty.head()).toMatchObject({ number: 20n });
    expect(first.calls.length).toBe(asked);
    expect(hasty.trouble()).toEqual([`${nameOf(first)} did not answer lately`]);
    await hasty.close();
  });

  it.each([
    ['the first', () => first],
    ['the second', () => second],
  ])('believes nobody while %s is on a branch of its own below what is final', async (_, liar) => {
    const hash = await finalPayment();
    liar().forkAfter(15n);

    expect(await chain.head()).toBeNull();
    expect(chain.trouble()).toEqual([
      `${nameOf(first)} and ${nameOf(second)} disagree on block 24, which is final`,
    ]);
    expect(await chain.receipts([hash])).toBeNull();
    expect(await chain.blockHash(3n)).toBeNull();

    liar().honest();
    expect(await chain.head()).toMatchObject({ finalNumber: 24n });
  });

  it('goes on while they differ above what is final, as nodes do for a moment', async () => {
    second.forkAfter(18n);

    expect(await chain.head()).toMatchObject({ number: 20n, finalNumber: 18n });
    expect(chain.trouble()).toEqual([]);
  });

  it.each<[string, (truth: unknown) => unknown]>([
    ['says that it was reverted', (truth) => ({ ...(truth as object), status: '0x0' })],
    [
      'has it in another block',
      (truth) => ({ ...(truth as object), blockHash: `0x${'ab'.repeat(32)}` }),
    ],
    ['has never heard of it', () => null],
  ])('tells of no final receipt of which the other %s', async (_, change) => {
    const hash = await finalPayment();
    second.lie({ kind: 'answer', change }, { methods: RECEIPT });

    expect((await chain.receipts([hash]))?.has(hash)).toBe(false);
    expect(chain.trouble()).toEqual([`nodes do not agree on the receipt of ${hash}`]);

    second.honest();
    expect(await receiptOf(hash)).toMatchObject({ status: 'success' });
  });

  it('tells of no final receipt while the other node is silent: one alone ends no payment', async () => {
    const hash = await finalPayment();
    second.lie({ kind: 'html', status: 502 }, { methods: RECEIPT });

    expect((await chain.receipts([hash]))?.has(hash)).toBe(false);
    expect(chain.trouble()).toEqual([`no second node has the receipt of ${hash}`]);

    second.honest();
    expect(await receiptOf(hash)).toMatchObject({ status: 'success' });
  });

  it('believes no nonce at a final block that the nodes do not share; the newest is one node’s word', async () => {
    await finalPayment();
    first.lieAboutNonces(3n);

    expect(await chain.nonces([FROM], 24n)).toBeNull();
    expect(chain.trouble()).toEqual(['nodes do not agree on a nonce at a block that is final']);
    expect(await chain.nonces([FROM], 'latest')).toEqual(new Map([[FROM, 4n]]));
  });

  it('names nobody who used a nonce where only a count says that it is used', async () => {
    await finalPayment();
    first.lieAboutNonces(1n);

    expect(await chain.usedBy(FROM, 1n, 24n)).toBeNull();
  });

  it('names nobody of whom the other node has not heard', async () => {
    const hash = await finalPayment();
    second.lie({ kind: 'answer', change: () => null }, { methods: ['eth_getTransactionByHash'] });

    expect(await chain.usedBy(FROM, 0n, 24n)).toBeNull();
    second.lie({ kind: 'html' }, { methods: ['eth_getTransactionByHash'] });
    expect(await chain.usedBy(FROM, 0n, 24n)).toBeNull();
    second.honest();
    expect(await chain.usedBy(FROM, 0n, 24n)).toMatchObject({ hash, blockNumber: 21n });
  });

  it('sends to the next where the first says that it knew it already, for it may have thrown it away', async () => {
    const { raw, hash } = await signedTransfer(anvil, { nonce: 0 });
    first.sayAlreadyKnown();

    expect(await chain.send(raw)).toEqual({ kind: 'taken', hash });
    expect(await anvil.pool()).toEqual([hash]);
  });

  it('does not know of what both say that they know and neither shows', async () => {
    const { raw } = await signedTransfer(anvil, { nonce: 0 });
    [first, second].forEach((proxy) => proxy.sayAlreadyKnown());

    expect((await chain.send(raw)).kind).toBe('unknown');
    expect((await chain.resend(raw)).kind).toBe('unknown');
  });

  it('sends again to all: one may have said that it took it, and has not', async () => {
    const { raw, hash } = await signedTransfer(anvil, { nonce: 0 });
    await chain.head();
    first.lie({ kind: 'answer', change: () => hash }, { methods: ['eth_sendRawTransaction'] });
    await chain.send(raw);
    expect(second.countOf('eth_sendRawTransaction')).toBe(0);
    await anvil.dropAll();

    expect(await chain.resend(raw)).toEqual({ kind: 'taken', hash });
    expect(second.countOf('eth_sendRawTransaction')).toBe(1);
  });

  it.each<[string, (proxy: RpcProxy) => RpcProxy, string]>([
    ['an HTML page', (proxy) => proxy.lie({ kind: 'html' }), 'unknown'],
    ['a cut', (proxy) => proxy.lie({ kind: 'cut' }, { passOn: true }), 'unknown'],
    [
      'a rate limit',
      (proxy) => proxy.lie({ kind: 'error', code: -32005, message: 'rate limited' }),
      'unknown',
    ],
    [
      'another hash',
      (proxy) => proxy.lie({ kind: 'answer', change: () => `0x${'0'.repeat(64)}` }),
      'known',
    ],
    [
      'a refusal',
      (proxy) => proxy.lie({ kind: 'error', code: -32000, message: 'nonce too low' }),
      'refused',
    ],
  ])('knows after %s from both what that proves of a transaction', async (_, lie, kind) => {
    const { raw } = await signedTransfer(anvil, { nonce: 0 });
    [first, second].forEach(lie);

    expect((await chain.send(raw)).kind).toBe(kind);
  });

  it('takes no refusal of one node for the last word where the other may have it', async () => {
    const { raw } = await signedTransfer(anvil, { nonce: 0 });
    first.lie({ kind: 'error', code: -32000, message: 'nonce too low' });
    second.lie({ kind: 'cut' }, { passOn: true });

    expect((await chain.send(raw)).kind).toBe('unknown');
  });

  it('tries nothing while nobody is believed', async () => {
    [first, second].forEach((proxy) => proxy.lie({ kind: 'html' }));
    const transfer = {
      chainId: CHAIN_ID,
      from: FROM,
      to: devAccount(5).address,
      token: null,
      amount: 1n,
    };

    expect(await chain.tryTransfer(transfer, FEES)).toEqual({
      kind: 'unavailable',
      cause: expect.stringMatching(/text\/html/),
    });
  });
});

function withoutBaseFee(truth: unknown): unknown {
  const { baseFeePerGas: _, ...block } = truth as Readonly<Record<string, unknown>>;
  return block;
}

describe('a transfer of a token that succeeded without an event', () => {
  const TO = devAccount(5).address;
  const SOMEBODY_ELSE = devAccount(6).address;
  const ABI = parseAbi(['function transfer(address to, uint256 value)']);
  let anvil: AnvilServer;
  let first: RpcProxy;
  let second: RpcProxy;
  let token: `0x${string}`;
  beforeEach(async () => {
    anvil = await startAnvil({ chainId: CHAIN_ID, automine: false });
    [first, second] = [await RpcProxy.to(anvil.url), await RpcProxy.to(anvil.url)];
  });
  afterEach(async () => {
    await Promise.all([first.stop(), second.stop()]);
    await anvil.stop();
  });

  const deploy = async (kind: TokenKind) => {
    token = await deployToken(anvil, kind, 6);
    await mint(anvil, token, FROM, 100n);
  };
  const send = (to: `0x${string}`, value: bigint) =>
    anvil.client.writeContract({
      account: devAccount(0),
      address: token,
      abi: ABI,
      functionName: 'transfer',
      args: [to, value],
      gas: 90_000n,
    });
  const isProven = async (hash: `0x${string}`, nodes: readonly RpcProxy[]) => {
    await anvil.mine(6);
    const urls = nodes.map(({ url }) => url);
    const chain = new RpcChain(testChain(CHAIN_ID, urls), { timeoutMs: 20_000 });
    await chain.head();
    const receipt = (await chain.receipts([hash]))?.get(hash);
    if (!receipt) throw new Error(`${hash} is in no block`);
    const transfer = { chainId: CHAIN_ID, from: FROM, to: TO, token, amount: 20n };
    const isProof = await chain.movedNothing(transfer, receipt);
    await chain.close();
    return { isProof, status: receipt.status, logs: receipt.logs?.length };
  };
  const NO_EVENT = { status: 'success', logs: 0 };

  it('is proven to have moved nothing by two nodes, and by one node alone it is not', async () => {
    await deploy('hollow');
    await setBlocked(anvil, token, TO, true);
    const hash = await send(TO, 20n);

    expect(await isProven(hash, [first, second])).toEqual({ ...NO_EVENT, isProof: true });
    expect(await isProven(hash, [first])).toEqual({ ...NO_EVENT, isProof: false });
    second.lie({ kind: 'error', code: -32000, message: 'missing trie node' }, CALLS);
    expect(await isProven(hash, [first, second])).toMatchObject({ isProof: false });
  });

  it('is not proven so where the token moved it', async () => {
    await deploy('mute');
    const hash = await send(TO, 20n);

    expect(await isProven(hash, [first, second])).toEqual({ ...NO_EVENT, isProof: false });
  });

  it('is not proven so where another transfer of the same block could hide it', async () => {
    await deploy('mute');
    const hash = await send(TO, 20n);
    // As much comes back in the same block, so that the balance of the sender is what it was.
    await anvil.client.writeContract({
      account: devAccount(9),
      address: token,
      functionName: 'mint',
      args: [FROM, 20n],
      abi: parseAbi(['function mint(address to, uint256 value)']),
      gas: 90_000n,
    });

    expect(await isProven(hash, [first, second])).toEqual({ ...NO_EVENT, isProof: false });
  });

  it('is not proven so where our own other payment of the same block moved the balance', async () => {
    await deploy('hollow');
    await setBlocked(anvil, token, TO, true);
    const hash = await send(TO, 20n);
    await send(SOMEBODY_ELSE, 5n);

    expect(await isProven(hash, [first, second])).toEqual({ ...NO_EVENT, isProof: false });
  });
});

const CALLS = { methods: ['eth_call'] };
