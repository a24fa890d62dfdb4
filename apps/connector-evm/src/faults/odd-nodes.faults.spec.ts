import { NODE_REFUSALS, RECEIPT_GAPS } from '@sluice/test-servers/evm';
import { eventually } from '@sluice/test-kit';
import { parseGwei, parseTransaction } from 'viem';
import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;
const SEND = { methods: ['eth_sendRawTransaction'] };

let rig: WalletRig;
beforeAll(async () => void (rig = await WalletRig.start()), SLOW);
afterEach(() => rig.calmDown());
afterAll(() => rig.stop());

const tipsSent = () => rig.sent().map((raw) => parseTransaction(raw).maxPriorityFeePerGas ?? 0n);
const pauses = () =>
  rig.rows<{ because: string }>(
    'SELECT paused_because AS because FROM lane WHERE paused_because IS NOT NULL',
  );

describe('a node that refuses a transaction', () => {
  it(
    'for its priority fee gets the fee that the refusal names, once',
    async () => {
      rig.node.limit({ leastTip: parseGwei('30') });
      const order = rig.order('ETH.ETH', '0.01');

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      expect(tipsSent()).toContain(parseGwei('30'));
      expect(rig.sent().length).toBeLessThan(5);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it.each(NODE_REFUSALS.underpriced)(
    'with %s gets a higher fee',
    async (message) => {
      rig.node.lie({ kind: 'error', code: -32000, message }, { ...SEND, times: 3 });
      const order = rig.order('ETH.ETH', '0.01');

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      const tips = tipsSent();
      // The follower may send the bytes of a submission whose answer is on the way.
      expect(tips.length).toBeLessThan(5);
      expect((tips.at(-1) ?? 0n) * 8n).toBeGreaterThanOrEqual((tips[0] ?? 0n) * 9n);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it.each(NODE_REFUSALS.crowded)(
    'with %s gets the same bytes later, and seldom',
    async (message) => {
      rig.node.lie({ kind: 'error', code: -32000, message }, SEND);
      const order = rig.order('ETH.ETH', '0.01');
      await rig.submit(order);
      await rig.hasBeenSent(3);
      const [first] = rig.sent();

      rig.node.honest();

      await rig.reaches(order, 'settled');
      expect(new Set(rig.sent())).toEqual(new Set([first]));
      expect(rig.sent().length).toBeLessThan(7);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'as invalid stops the address, which pays on after people have resumed the address',
    async () => {
      rig.node.lie({ kind: 'error', code: -32000, message: 'exceeds block gas limit' }, SEND);
      const [order, next] = [rig.order('ETH.ETH', '0.01'), rig.order('ETH.ETH', '0.02')];
      await rig.submit(order);
      await eventually(
        async () =>
          expect(await pauses()).toEqual([
            { because: expect.stringContaining('exceeds block gas limit') as string },
          ]),
        { withinMs: 60_000 },
      );
      expect(await rig.submission(order)).toMatchObject({
        awaited: expect.stringMatching(
          /^nodes of ETH to take transaction 0x.*exceeds block gas limit.*\(next: sluice wallet show;/,
        ),
      });
      rig.node.honest();
      await rig.submit(next);

      await rig.reaches(order, 'settled');
      expect((await rig.submission(next))?.state).toBe('prepared');
      await rig.rows('UPDATE lane SET paused_because = NULL');

      await rig.reaches(next, 'settled');
      await rig.expectOnceOrNever([order, next]);
    },
    SLOW,
  );
});

describe('a node that writes receipts', () => {
  it.each(Object.keys(RECEIPT_GAPS))(
    'with %s confirms coins and tokens, without a case',
    async (gap) => {
      rig.node.gapReceipts(gap);
      const orders = [rig.order('ETH.ETH', '0.01'), rig.order('USDT.ETH', '20')];
      await rig.submit(...orders);

      for (const order of orders) {
        await rig.reaches(order, 'settled');
        expect(await rig.alarms(order)).toEqual([]);
      }

      await rig.expectOnceOrNever(orders);
    },
    SLOW,
  );

  it(
    'some time after the block confirms, without a case',
    async () => {
      const order = rig.order('ETH.ETH', '0.01');
      await rig.submit(order);
      await rig.hasBeenSent();
      rig.node.gapReceipts(null);
      for (let block = 0; block < 8; block++) {
        await rig.chain.mine();
        await rig.looks(2);
      }

      rig.node.honest();

      await rig.reaches(order, 'settled');
      expect(await rig.alarms(order)).toEqual([]);
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});
