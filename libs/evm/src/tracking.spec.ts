import { toHex, type Hex } from 'viem';
import { type Head, lookBack, type Receipt } from './chain-settings.js';
import type { NodeRefusal } from './node-errors.js';
import { follow, type OpenNonce, type SeenNonce, type SignedTransaction } from './tracking.js';

const GWEI = 1_000_000_000n;
const FROM = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TO = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const POLICY = {
  maxFeeCapGwei: '100',
  tipGwei: '2',
  bumpPercent: 12.5,
  stuckAfterBlocks: 5,
  recipientGasLimit: 100_000,
};
const HEAD: Head = {
  number: 100n,
  hash: '0xh100',
  baseFeePerGas: 10n * GWEI,
  tip: 2n * GWEI,
  finalNumber: 90n,
};

const signed = (hash: Hex, change: Partial<SignedTransaction> = {}): SignedTransaction => ({
  hash,
  kind: 'payment',
  sentAtBlock: 99n,
  gasLimit: 60_000n,
  maxFeePerGas: 22n * GWEI,
  maxPriorityFeePerGas: 2n * GWEI,
  ...change,
});
const open = (change: Partial<OpenNonce> = {}): OpenNonce => ({
  nonce: 7n,
  aim: 'transfer',
  transactions: [signed('0xa')],
  transfer: { chainId: 1, from: FROM, to: TO, token: null, amount: 5n },
  ...change,
});
const mined = (hash: Hex, at: bigint, status: Receipt['status'] = 'success'): Receipt => ({
  hash,
  blockNumber: at,
  blockHash: toHex(at),
  from: FROM,
  status,
  logs: [],
  gasUsed: 21_000n,
  effectiveGasPrice: GWEI,
});

interface Shown {
  readonly receipts?: readonly (Receipt | Hex)[];
  readonly known?: Readonly<Record<Hex, boolean>>;
  readonly latest?: bigint;
  readonly final?: bigint;
  readonly usedBy?: Hex;
  readonly blockHash?: Hex | null;
  readonly movedNothing?: boolean;
}
/** A hash alone in `receipts` is in no block. */
const seen = ({
  receipts = [],
  known = { '0xa': true },
  latest = 7n,
  final = 7n,
  usedBy,
  blockHash,
  movedNothing,
}: Shown): SeenNonce => ({
  receipts: new Map(
    receipts.map((one) => (typeof one === 'string' ? [one, null] : [one.hash, one])),
  ),
  blockHashes: new Map(
    receipts
      .filter((one) => typeof one !== 'string')
      .map(({ blockNumber, blockHash: own }) => [
        blockNumber,
        blockHash === undefined ? own : blockHash,
      ]),
  ),
  known: new Map(Object.entries(known) as [Hex, boolean][]),
  nonceCount: { latest, final },
  usedBy: usedBy ?? null,
  movedNothing: movedNothing ?? null,
});
const decide = (nonce: OpenNonce, shown: Shown, head: Partial<Head> = {}) =>
  follow(nonce, seen(shown), { ...HEAD, ...head }, POLICY);

const TOKEN = '0xdAC17F958D2ee523a2206206994597C13D831ec7';
const ERC_20 = { chainId: 1, from: FROM, to: TO, token: TOKEN, amount: 5n } as const;
const NOTHING = { kind: 'nothing' };
const PENDING = { kind: 'pending' };

describe('a transaction of ours in a block', () => {
  it('is mined, with its confirmations, while the block is not final', () => {
    const receipt = mined('0xa', 91n);

    expect(decide(open(), { receipts: [receipt] })).toEqual({
      verdict: { kind: 'mined', receipt, confirmations: 10n },
      step: NOTHING,
    });
  });

  it('has one confirmation in a block newer than the head', () => {
    expect(decide(open(), { receipts: [mined('0xa', 101n)] }).verdict).toMatchObject({
      confirmations: 1n,
    });
  });

  it('is settled, or failed where it was reverted, once the block is final', () => {
    expect(decide(open(), { receipts: [mined('0xa', 90n)] }).verdict).toMatchObject({
      kind: 'settled',
      confirmations: 11n,
    });
    expect(decide(open(), { receipts: [mined('0xa', 90n, 'reverted')] }).verdict).toMatchObject({
      kind: 'failed',
      reason: 'reverted',
    });
  });

  it('is weighed before it ends where a token logged no transfer', () => {
    const receipt = mined('0xa', 90n);

    expect(decide(open({ transfer: ERC_20 }), { receipts: [receipt] })).toEqual({
      verdict: { kind: 'mined', receipt, confirmations: 11n },
      step: { kind: 'weigh', transfer: ERC_20, receipt },
    });
  });

  it.each([
    [true, { kind: 'failed', reason: 'no_transfer' }],
    [false, { kind: 'disputed' }],
  ])(
    'without a log of its token is failed only where it is proven that nothing moved (%s)',
    (movedNothing, verdict) => {
      const shown = { receipts: [mined('0xa', 90n)], movedNothing };

      expect(decide(open({ transfer: ERC_20 }), shown).verdict).toMatchObject(verdict);
    },
  );

  it.each([
    ['a gas price above the signed one', { effectiveGasPrice: 22n * GWEI + 1n }],
    ['more gas than was signed', { gasUsed: 60_001n }],
  ])('is not believed with %s', (_what, change) => {
    const receipt = { ...mined('0xa', 90n), ...change };

    expect(decide(open(), { receipts: [receipt] }).verdict).toEqual(PENDING);
    expect(decide(open(), { receipts: [receipt], final: 8n }).step.kind).toBe('identify');
  });

  it.each([
    ['coins without a status', {}, { status: 'unknown' }],
    ['a token without logs', { transfer: ERC_20 }, { logs: null }],
    [
      'an abandoned payment without a status',
      { aim: 'void', transfer: null },
      { status: 'unknown' },
    ],
  ] as const)('waits for a node that shows the outcome of %s', (_what, change, unread) => {
    const receipt = { ...mined('0xa', 90n), ...unread };

    expect(decide(open(change), { receipts: [receipt] })).toMatchObject({
      verdict: { kind: 'mined' },
      step: { kind: 'unreadable', hash: '0xa' },
    });
  });

  it('is settled where the cost is unknown', () => {
    const receipt = { ...mined('0xa', 90n), gasUsed: null, effectiveGasPrice: null };

    expect(decide(open(), { receipts: [receipt] }).verdict.kind).toBe('settled');
  });

  it('without status and logs of its token is failed by proof, and never disputed', () => {
    const receipt = { ...mined('0xa', 90n), status: 'unknown' } as const;
    const after = (movedNothing: boolean) =>
      decide(open({ transfer: ERC_20 }), { receipts: [receipt], movedNothing });

    expect(after(true).verdict).toMatchObject({ kind: 'failed', reason: 'no_transfer' });
    expect(after(false)).toMatchObject({
      verdict: { kind: 'mined' },
      step: { kind: 'unreadable' },
    });
  });

  it('is a void where that is what was mined, even if the transfer had been sent', () => {
    const transactions = [signed('0xa'), signed('0xb', { kind: 'void' })];

    expect(
      decide(open({ transactions }), { receipts: ['0xa', mined('0xb', 90n)] }).verdict.kind,
    ).toBe('void');
  });

  it.each([
    ['has paid something nobody knows', 'success', 'disputed'],
    ['and was reverted, is as good as a void', 'reverted', 'void'],
  ] as const)('that was given up and left all the same %s', (_what, status, kind) => {
    const nonce = open({ aim: 'void', transfer: null });

    expect(decide(nonce, { receipts: [mined('0xa', 90n, status)] }).verdict.kind).toBe(kind);
  });

  it('is paid although a void was sent as well', () => {
    const transactions = [signed('0xa'), signed('0xb', { kind: 'void' })];
    const nonce = open({ transactions, aim: 'void' });

    expect(decide(nonce, { receipts: [mined('0xa', 90n), '0xb'] }).verdict.kind).toBe('settled');
  });

  it.each([
    ['another block is in the place of its own', '0xother'],
    ['nobody says which block is there', null],
  ] as const)('is pending again where %s', (_, blockHash) => {
    expect(decide(open(), { receipts: [mined('0xa', 90n)], blockHash }).verdict).toEqual(PENDING);
  });

  it('is pending where a node shows two for one nonce, which no chain has', () => {
    const transactions = [signed('0xa'), signed('0xb')];
    const receipts = [mined('0xa', 89n), mined('0xb', 90n)];

    expect(decide(open({ transactions }), { receipts }).verdict).toEqual(PENDING);
  });
});

describe('a transaction of ours in no block', () => {
  it('is waited for', () => {
    expect(decide(open(), { receipts: ['0xa'] })).toEqual({ verdict: PENDING, step: NOTHING });
  });

  it('is sent again, the same bytes, where the node does not have it; also after a reorganisation', () => {
    const known = { '0xa': false };

    expect(decide(open(), { receipts: ['0xa'], known }).step).toEqual({
      kind: 'resend',
      hash: '0xa',
    });
  });

  it('is left alone if the node did not report whether the transaction is known', () => {
    expect(decide(open(), { receipts: ['0xa'], known: {} }).step).toEqual(NOTHING);
  });

  it('is not dead by time: a thousand blocks later it is still pending', () => {
    const late = { number: 1_100n, finalNumber: 1_090n };
    const decision = decide(open(), { receipts: ['0xa'], known: { '0xa': false } }, late);

    expect(decision.verdict).toEqual(PENDING);
  });

  it('is replaced when it is stuck and next, by an eighth more of both fees', () => {
    const decision = decide(open(), { receipts: ['0xa'] }, { number: 104n });

    expect(decision).toEqual({
      verdict: PENDING,
      step: {
        kind: 'replace',
        as: 'payment',
        fees: { maxFeePerGas: 24_750_000_000n, maxPriorityFeePerGas: 2_250_000_000n },
      },
    });
  });

  it('is not replaced while it waits behind another nonce, unless no block takes its fee', () => {
    const waiting = { receipts: ['0xa'] as const, latest: 5n };

    expect(decide(open(), waiting, { number: 104n }).step).toEqual(NOTHING);
    expect(decide(open(), waiting, { number: 104n, baseFeePerGas: 23n * GWEI }).step).toMatchObject(
      { kind: 'replace', fees: { maxFeePerGas: 48n * GWEI } },
    );
  });

  it('outbids the dearest of all that were signed', () => {
    const transactions = [signed('0xa', { maxFeePerGas: 40n * GWEI }), signed('0xb')];
    const decision = decide(
      open({ transactions }),
      { receipts: ['0xa', '0xb'], known: { '0xb': true } },
      { number: 104n },
    );

    expect(decision.step).toMatchObject({ fees: { maxFeePerGas: 45n * GWEI } });
  });

  it('is held back where the cap allows no replacement', () => {
    const transactions = [signed('0xa', { maxFeePerGas: 90n * GWEI })];

    expect(decide(open({ transactions }), { receipts: ['0xa'] }, { number: 104n }).step).toEqual({
      kind: 'held_back',
      cause: '101250000000 wei for each unit of gas are needed and the cap is 100000000000',
      again: null,
    });
  });

  describe('that every node refuses and none has', () => {
    const step = (refusal: Partial<NodeRefusal>, change: Partial<SignedTransaction> = {}) => {
      const said = { class: 'underpriced', message: '', times: 1, agoMs: 60_000 } as const;
      const transactions = [signed('0xa', { ...change, refusal: { ...said, ...refusal } })];
      return (head: Partial<Head> = {}) =>
        decide(open({ transactions }), { receipts: ['0xa'], known: { '0xa': false } }, head).step;
    };

    it('offers more where it was too cheap, stuck or not, and at once what the node names', () => {
      expect(step({})()).toMatchObject({
        kind: 'replace',
        fees: { maxFeePerGas: 24_750_000_000n },
      });
      expect(step({ message: 'gas tip cap 1, minimum needed 30000000000' })()).toMatchObject({
        kind: 'replace',
        as: 'payment',
        fees: { maxFeePerGas: 50n * GWEI, maxPriorityFeePerGas: 30n * GWEI },
      });
    });

    it('is held back where the node wants more than the cap, and is offered again meanwhile', () => {
      const dear = step({ message: 'tip needed 200000000000' });

      expect(dear()).toMatchObject({ kind: 'held_back', again: '0xa' });
      expect(dear({ baseFeePerGas: 23n * GWEI })).toMatchObject({ kind: 'held_back', again: null });
    });

    it('is left alone for a pause that doubles with each refusal', () => {
      expect(step({ agoMs: 1_999 })()).toEqual(NOTHING);
      expect(step({ agoMs: 2_000 })()).toMatchObject({ kind: 'replace' });
      expect(step({ agoMs: 15_999, times: 4 })()).toEqual(NOTHING);
      expect(step({ agoMs: 60_000, times: 90 })()).toMatchObject({ kind: 'replace' });
    });

    it.each(['insufficient_funds', 'nonce_too_low', 'nonce_too_high', 'invalid'] as const)(
      'is the same bytes for %s, however long ago they were sent',
      (why) => {
        expect(step({ class: why })({ number: 500n })).toEqual({ kind: 'resend', hash: '0xa' });
      },
    );

    it.each(['crowded', 'unclear'] as const)('is the same bytes for %s until stuck', (why) => {
      expect(step({ class: why })()).toEqual({ kind: 'resend', hash: '0xa' });
      expect(step({ class: why })({ number: 500n })).toMatchObject({ kind: 'replace' });
    });
  });

  it('is left to its submission while no byte was sent', () => {
    const transactions = [signed('0xa', { sentAtBlock: null })];

    expect(
      decide(open({ transactions }), { receipts: ['0xa'], known: { '0xa': false } }).step,
    ).toEqual(NOTHING);
  });

  it.each([
    ['a replacement', [signed('0xa'), signed('0xb', { sentAtBlock: null })]],
    ['a void', [signed('0xb', { kind: 'void', sentAtBlock: null })]],
    ['a top-up', [signed('0xb', { kind: 'top_up', sentAtBlock: null })]],
  ])('is sent by us where it is %s, though a process died before it sent it', (_, transactions) => {
    expect(decide(open({ transactions }), { receipts: ['0xa', '0xb'], known: {} }).step).toEqual({
      kind: 'resend',
      hash: '0xb',
    });
  });
});

describe('a nonce that shall pay nothing any more', () => {
  const fees = { maxFeePerGas: 22n * GWEI, maxPriorityFeePerGas: 2n * GWEI };

  it('is filled where nothing was signed', () => {
    expect(decide(open({ aim: 'void', transfer: null, transactions: [] }), {})).toEqual({
      verdict: PENDING,
      step: { kind: 'fill', fees },
    });
  });

  it('is filled by what outbids a transfer that was signed and not sent', () => {
    const transactions = [signed('0xa', { sentAtBlock: null })];

    expect(decide(open({ aim: 'void', transactions }), { receipts: ['0xa'] }).step).toMatchObject({
      kind: 'fill',
      fees: { maxFeePerGas: 24_750_000_000n },
    });
  });

  it('has its transfer replaced where that was sent, stuck or not', () => {
    expect(decide(open({ aim: 'void' }), { receipts: ['0xa'] }).step).toMatchObject({
      kind: 'replace',
      as: 'void',
      fees: { maxPriorityFeePerGas: 2_250_000_000n },
    });
  });

  it('is followed like any other then', () => {
    const transactions = [signed('0xa'), signed('0xb', { kind: 'void' })];
    const nonce = open({ aim: 'void', transactions });
    const shown = { receipts: ['0xa', '0xb'] as const, known: { '0xb': true } };

    expect(decide(nonce, shown).step).toEqual(NOTHING);
    expect(decide(nonce, shown, { number: 104n }).step).toMatchObject({
      kind: 'replace',
      as: 'void',
    });
  });
});

describe('a nonce that is used at a final block, and by none of ours that is in one', () => {
  const used = { receipts: ['0xa'] as const, latest: 8n, final: 8n };

  it('is asked about before anything is concluded: a count alone may be a lie', () => {
    expect(decide(open(), used)).toEqual({ verdict: PENDING, step: { kind: 'identify' } });
  });

  it('is dead when the transaction that used it is not ours', () => {
    expect(decide(open(), { ...used, usedBy: '0xf' })).toEqual({
      verdict: { kind: 'dead', usedBy: '0xf' },
      step: NOTHING,
    });
  });

  it('is pending where it is ours and the node has no receipt of it yet', () => {
    expect(decide(open(), { ...used, usedBy: '0xa' })).toEqual({ verdict: PENDING, step: NOTHING });
  });

  it('is pending while the block is not final', () => {
    expect(decide(open(), { ...used, final: 7n }).verdict).toEqual(PENDING);
  });
});

describe('a later check of a final transaction', () => {
  const final = { blockHash: '0xb', status: 'success' } as const;
  const again = (status: Receipt['status']) => mined('0xa', 91n, status);

  it.each([
    ['holds', '0xb', undefined],
    ['unseen', null, null],
    ['unseen', '0xc', undefined],
    ['moved', '0xc', again('success')],
    ['taken_back', '0xc', again('reverted')],
    ['unseen', '0xc', again('unknown')],
    ['taken_back', '0xc', null],
  ] as const)('returns %s', (found, blockHash, receipt) => {
    expect(lookBack(final, blockHash, receipt)).toBe(found);
  });
});
