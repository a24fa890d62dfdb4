import {
  deployToken,
  devAccount,
  mint,
  RECEIPT_GAPS,
  RpcProxy,
  startAnvil,
  type AnvilServer,
  type NodeLimits,
} from '@sluice/test-servers/evm';
import { transferCalldata, type ChainSettings } from '@sluice/evm';
import { parseGwei } from 'viem';
import { testChain } from '../testing/wallet-venue.js';
import { signedTransfer } from '../testing/orders.js';
import { RpcChain } from './rpc-chain.js';

const CHAIN_ID = 31337;
const FROM = devAccount(0).address;

let anvil: AnvilServer;
let node: RpcProxy;
let chain: RpcChain;
const logged: string[] = [];
const logger = {
  info: () => undefined,
  warn: (fields: object) => void logged.push(JSON.stringify(fields)),
};
const open = (change: Partial<ChainSettings> = {}) =>
  new RpcChain(testChain(CHAIN_ID, [node.url], change), { timeoutMs: 20_000, logger });

beforeAll(async () => {
  anvil = await startAnvil({ chainId: CHAIN_ID, automine: false, finalityDepth: 4 });
  node = await RpcProxy.to(anvil.url);
});
beforeEach(() => {
  logged.splice(0);
  chain = open();
});
afterEach(async () => {
  node.honest();
  await chain.close();
});
afterAll(async () => {
  await node.stop();
  await anvil.stop();
});

const mined = async (change: Partial<Parameters<typeof signedTransfer>[1]> = {}) => {
  const nonce = Number(await anvil.nonce(FROM));
  const { raw, hash } = await signedTransfer(anvil, { nonce, gas: 25_200n, ...change });
  await anvil.client.sendRawTransaction({ serializedTransaction: raw });
  await anvil.mine(5);
  return hash;
};

describe('a node with limits for lists of calls', () => {
  it.each<[string, NodeLimits]>([
    ['takes three calls', { mostCalls: 3 }],
    ['takes one call as a list', { mostCalls: 1, refusesLists: 'list' }],
    ['takes no list', { mostCalls: 0 }],
    ['refuses lists by a status', { mostCalls: 2, refusesLists: 'status' }],
    ['refuses lists by a page', { mostCalls: 0, refusesLists: 'html' }],
    ['writes ids as text, in reverse', { ids: 'text', order: 'reversed' }],
    ['leaves out an answer', { leavesOut: 2 }],
    ['has all of these', { mostCalls: 4, ids: 'text', order: 'reversed', leavesOut: 1 }],
  ])('that %s is asked until each call has its answer', async (_what, limits) => {
    const hash = await mined();
    node.limit(limits);
    const unknown = Array.from(
      { length: 20 },
      (_, index) => `0x${String(index).padStart(64, '0')}` as const,
    );

    expect(await chain.head()).not.toBeNull();
    const receipts = await chain.receipts([...unknown, hash]);

    expect(receipts?.size).toBe(21);
    expect(receipts?.get(hash)).toMatchObject({ status: 'success', gasUsed: 21_000n });
  });

  it('is asked in the learned length afterwards', async () => {
    node.limit({ mostCalls: 3 });
    await chain.head();
    const ask = () =>
      chain.nonces(
        [0, 1, 2, 3, 4, 5, 6].map((n) => devAccount(n).address),
        'latest',
      );
    await ask();
    const before = node.calls.length;

    expect((await ask())?.size).toBe(7);

    expect(node.calls.length - before).toBe(7);
  });
});

describe('a node that does not know finalized', () => {
  const unknown = { unknownTags: ['finalized'] };

  it('has the depth of the settings', async () => {
    await anvil.mine(9);
    node.limit(unknown);
    await chain.close();
    chain = open({ finality: 'finalized', depthWithoutFinalized: 3 });

    const head = await chain.head();

    expect(head?.finalNumber).toBe((head?.number ?? 0n) - 2n);
  });

  it('sends, and says once why payments wait, without a depth in the settings', async () => {
    node.limit(unknown);
    await chain.close();
    chain = open({ finality: 'finalized' });

    for (let look = 0; look < 3; look++) {
      await anvil.mine();
      expect((await chain.head())?.finalNumber).toBe(-1n);
    }

    expect(logged).toEqual([expect.stringContaining('depthWithoutFinalized')]);
  });
});

describe('a receipt', () => {
  it.each(Object.keys(RECEIPT_GAPS))(
    'with %s shows that coins and a token are paid',
    async (gap) => {
      const token = await deployToken(anvil, 'plain', 6);
      await mint(anvil, token, FROM, 100n);
      const hashes = [
        await mined(),
        await mined({
          to: token,
          value: 0n,
          gas: 100_000n,
          data: transferCalldata({ to: devAccount(5).address, amount: 40n }),
        }),
      ];
      await chain.head();
      const whole = await chain.receipts(hashes);
      node.gapReceipts(gap);

      const receipts = await chain.receipts(hashes);

      for (const hash of hashes) {
        const unknown = gap === 'no gas' ? { gasUsed: null } : {};
        expect(receipts?.get(hash)).toEqual({ ...whole?.get(hash), ...unknown });
      }
    },
  );

  it('is missing where the node shows no block at all', async () => {
    const hash = await mined();
    await chain.head();
    node.gapReceipts('no block hash');
    node.lie(
      { kind: 'answer', change: () => null },
      { methods: ['eth_getTransactionByHash', 'eth_getBlockByNumber'] },
    );

    expect((await chain.receipts([hash]))?.has(hash)).toBe(false);
  });
});

describe('a node with a least priority fee', () => {
  it('names the fee in the refusal', async () => {
    node.limit({ leastTip: parseGwei('30') });
    const { raw } = await signedTransfer(anvil, { nonce: Number(await anvil.nonce(FROM)) });

    expect(await chain.send(raw)).toMatchObject({
      kind: 'refused',
      class: 'underpriced',
      message: expect.stringContaining('minimum needed 30000000000') as string,
    });
  });
});
