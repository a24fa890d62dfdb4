import type { RpcLie } from '@sluice/test-servers/evm';
import { WalletRig } from '../testing/wallet-rig.js';

/** Real processes on a busy machine. */
const SLOW = 240_000;

const SEND = { methods: ['eth_sendRawTransaction'] };

/** What a node can answer to a transaction that it has taken, or thrown away. */
const ANSWERS: readonly (readonly [string, RpcLie])[] = [
  ['hangs', { kind: 'hang' }],
  ['is cut', { kind: 'cut' }],
  ['answers HTML with 200', { kind: 'html' }],
  ['answers HTML with 502', { kind: 'html', status: 502 }],
  ['answers 503', { kind: 'status', status: 503 }],
  ['says already known', { kind: 'error', code: -32000, message: 'already known' }],
  ['says nonce too low', { kind: 'error', code: -32000, message: 'nonce too low' }],
  [
    'says insufficient funds',
    { kind: 'error', code: -32000, message: 'insufficient funds for gas * price + value' },
  ],
  [
    'says underpriced',
    { kind: 'error', code: -32000, message: 'replacement transaction underpriced' },
  ],
  ['says invalid sender', { kind: 'error', code: -32000, message: 'invalid sender' }],
  ['says what nobody understands', { kind: 'error', code: -32603, message: 'Internal error' }],
];

describe('a node that lies', () => {
  let rig: WalletRig;
  beforeAll(async () => void (rig = await WalletRig.start()), SLOW);
  afterEach(() => rig.calmDown());
  afterAll(() => rig.stop());

  describe.each([
    ['before it has the transaction', false],
    ['when it has the transaction', true],
  ] as const)('%s', (_when, passOn) => {
    it.each(ANSWERS)(
      'and %s: paid once, under one nonce',
      async (_what, lie) => {
        rig.node.lie(lie, { ...SEND, passOn, times: 2 });
        const order = rig.order('ETH.ETH', '0.01');

        await rig.submit(order);

        await rig.reaches(order, 'settled');
        await rig.expectOnceOrNever([order]);
        expect(await rig.noncesUsed()).toBe(1n);
      },
      SLOW,
    );
  });

  it.each(ANSWERS.slice(0, 5))(
    'about everything, and %s for a while: paid once',
    async (_w, lie) => {
      const order = rig.order('USDT.ETH', '25');
      rig.node.lie(lie, { times: 6 });

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'and has thrown away what it says that it knows: not told as sent before it shows it',
    async () => {
      rig.node.lie({ kind: 'error', code: -32000, message: 'already known' }, SEND);
      const order = rig.order('ETH.ETH', '0.01');

      await rig.submit(order);
      await rig.hasBeenSent();
      await rig.looks();

      expect(
        await rig.rows('SELECT FROM transaction WHERE sent_at IS NOT NULL AND final_at IS NULL'),
      ).toEqual([]);
      rig.node.honest();
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'and says that nonces are used which are not: nobody is told that the payment is dead',
    async () => {
      const order = rig.order('ETH.ETH', '0.02');
      await rig.submit(order);
      await rig.hasBeenSent();
      rig.node.lieAboutNonces(2n);

      for (let block = 0; block < 3; block++) await rig.chain.mine();
      await rig.looks();
      expect((await rig.submission(order))?.state).not.toBe('failed');

      rig.node.honest();
      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );

  it(
    'and has forgotten how many transactions are mined: no nonce is given out twice',
    async () => {
      const first = rig.order('ETH.ETH', '0.01');
      await rig.submit(first);
      await rig.reaches(first, 'settled');
      rig.node.lieAboutNonces(-1n);

      await rig.kill();
      const second = rig.order('ETH.ETH', '0.03');
      await rig.submit(second);
      await rig.looks();
      rig.node.honest();

      await rig.reaches(second, 'settled');
      await rig.expectOnceOrNever([first, second]);
      expect(await rig.noncesUsed()).toBe(2n);
    },
    SLOW,
  );

  it(
    'and is behind: what it has not seen yet is late, and nothing else',
    async () => {
      rig.node.lagBy(4);
      const order = rig.order('USDT.ETH', '26');

      await rig.submit(order);

      await rig.reaches(order, 'settled');
      await rig.expectOnceOrNever([order]);
    },
    SLOW,
  );
});
