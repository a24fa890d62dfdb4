import type { RpcLie } from '@sluice/evm-testing';
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
});
