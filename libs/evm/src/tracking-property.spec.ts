import fc from 'fast-check';
import { toHex, type Hex } from 'viem';
import type { Head, Receipt } from './chain-settings.js';
import {
  follow,
  type TrackingDecision,
  type SeenNonce,
  type SignedTransaction,
} from './tracking.js';

const GWEI = 1_000_000_000n;
const FROM = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TO = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const DEPTH = 3;
const POLICY = {
  maxFeeCapGwei: '100',
  tipGwei: '2',
  bumpPercent: 12.5,
  stuckAfterBlocks: 2,
  recipientGasLimit: 100_000,
};
const TRANSFER = { chainId: 1, from: FROM, to: TO, token: null, amount: 5n } as const;
/** Signed by nobody here, under our key. */
const STRANGER: Hex = '0xfeed';

type Event =
  | { readonly kind: 'mine' | 'empty' | 'drop' | 'submit' | 'cancel' | 'stranger' | 'crash' }
  | { readonly kind: 'reorg'; readonly depth: number }
  | { readonly kind: 'look'; readonly lie: Lie };
/** What a node may do to one look. */
type Lie =
  | 'none'
  | 'hides_receipts'
  | 'shows_what_is_gone'
  | 'counts_more'
  | 'counts_fewer'
  | 'knows_nothing';

/** One nonce, the blocks of a chain, a pool, and one follower that may die between signing and sending. */
class World {
  readonly verdicts: TrackingDecision['verdict'][] = [];
  private blocks: { readonly hash: Hex; readonly mined: Hex | null }[] = [
    { hash: '0xgenesis', mined: null },
  ];
  private pool: Hex | null = null;
  private transactions: SignedTransaction[] = [];
  private aim: 'transfer' | 'void' = 'transfer';
  private readonly gone = new Map<Hex, Receipt>();
  private made = 0;
  private dies = false;

  play(event: Event): void {
    if (this.isEnded()) return;
    switch (event.kind) {
      case 'submit':
        if (this.transactions.length === 0) this.sign('payment', 22n * GWEI, 2n * GWEI);
        return this.send(this.transactions[0]?.hash);
      case 'cancel':
        this.aim = 'void';
        return;
      case 'crash':
        this.dies = true;
        return;
      case 'mine':
        this.block(this.isUsed() ? null : this.pool);
        return;
      case 'empty':
        this.block(null);
        return;
      case 'stranger':
        this.block(this.isUsed() ? null : STRANGER);
        return;
      case 'drop':
        this.pool = null;
        return;
      case 'reorg':
        for (const { hash } of this.transactions) this.keep(hash);
        this.blocks = this.blocks.slice(0, Math.max(1, this.blocks.length - event.depth));
        for (let block = 0; block < event.depth; block++) this.block(null);
        return;
      case 'look':
        return this.look(event.lie);
    }
  }

  /** Whoever has the payment, in the blocks that cannot go any more. */
  finallyMined(): Hex | null {
    return (
      this.blocks.slice(0, this.blocks.length - DEPTH + 1).find(({ mined }) => mined !== null)
        ?.mined ?? null
    );
  }

  kindOf(hash: Hex | null): 'payment' | 'void' | 'stranger' | null {
    if (hash === null || hash === STRANGER) return hash === null ? null : 'stranger';
    return this.transactions.find((one) => one.hash === hash)?.kind === 'void' ? 'void' : 'payment';
  }

  get all(): readonly SignedTransaction[] {
    return this.transactions;
  }

  private look(lie: Lie): void {
    const { verdict, step } = this.decide(lie, null);
    const judged =
      step.kind === 'identify' ? this.decide(lie, this.finallyMined()) : { verdict, step };
    this.verdicts.push(judged.verdict);
    switch (judged.step.kind) {
      case 'resend':
        return this.send(judged.step.hash);
      case 'replace':
      case 'fill': {
        const { fees } = judged.step;
        const kind =
          judged.step.kind === 'fill' ? 'void' : judged.step.as === 'void' ? 'void' : 'payment';
        const { hash } = this.sign(kind, fees.maxFeePerGas, fees.maxPriorityFeePerGas);
        if (!this.dies) this.send(hash);
        this.dies = false;
        return;
      }
      default:
    }
  }

  private decide(lie: Lie, usedBy: Hex | null): TrackingDecision {
    const head = this.head();
    const count = (blocks: number) => {
      const used = this.blocks.slice(0, blocks).some(({ mined }) => mined !== null) ? 1n : 0n;
      return lie === 'counts_more' ? used + 1n : lie === 'counts_fewer' ? 0n : used;
    };
    const seen: SeenNonce = {
      receipts: new Map(
        this.transactions.map(({ hash }) => [
          hash,
          lie === 'hides_receipts' ? null : this.receiptShown(hash, lie),
        ]),
      ),
      blockHashes: new Map(this.blocks.map(({ hash }, number) => [BigInt(number), hash])),
      known: new Map(
        this.transactions.map(({ hash }) => [
          hash,
          lie !== 'knows_nothing' && (this.pool === hash || this.receipt(hash) !== null),
        ]),
      ),
      nonceCount: { latest: count(this.blocks.length), final: count(Number(head.finalNumber) + 1) },
      usedBy,
      movedNothing: null,
    };
    const { aim, transactions } = this;
    return follow({ nonce: 0n, aim, transfer: TRANSFER, transactions }, seen, head, POLICY);
  }

  private head(): Head {
    const number = BigInt(this.blocks.length - 1);
    return {
      number,
      hash: this.blocks.at(-1)!.hash,
      baseFeePerGas: 10n * GWEI,
      tip: 2n * GWEI,
      finalNumber: number - BigInt(DEPTH) + 1n,
    };
  }

  private receipt(hash: Hex): Receipt | null {
    const at = this.blocks.findIndex(({ mined }) => mined === hash);
    const block = this.blocks[at];
    return block
      ? {
          hash,
          blockNumber: BigInt(at),
          blockHash: block.hash,
          from: FROM,
          logs: [],
          status: 'success',
          gasUsed: 21_000n,
          effectiveGasPrice: GWEI,
        }
      : null;
  }

  private keep(hash: Hex): void {
    const receipt = this.receipt(hash);
    if (receipt) this.gone.set(hash, receipt);
  }

  private receiptShown(hash: Hex, lie: Lie): Receipt | null {
    return (lie === 'shows_what_is_gone' ? this.gone.get(hash) : null) ?? this.receipt(hash);
  }

  private sign(kind: 'payment' | 'void', maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) {
    const hash = toHex(++this.made, { size: 32 });
    const fees = { maxFeePerGas, maxPriorityFeePerGas, gasLimit: 21_000n };
    const signed = { hash, kind, ...fees, sentAtBlock: null };
    this.transactions = [...this.transactions, signed];
    return signed;
  }

  private send(hash: Hex | undefined): void {
    const sentAtBlock = BigInt(this.blocks.length - 1);
    this.transactions = this.transactions.map((one) =>
      one.hash === hash ? { ...one, sentAtBlock } : one,
    );
    if (hash !== undefined && !this.isUsed()) this.pool = hash;
  }

  private block(mined: Hex | null): void {
    this.blocks = [...this.blocks, { hash: toHex(++this.made, { size: 32 }), mined }];
    if (mined !== null && mined === this.pool) this.pool = null;
  }

  private isUsed(): boolean {
    return this.blocks.some(({ mined }) => mined !== null);
  }

  private isEnded(): boolean {
    return this.verdicts.some(({ kind }) => kind !== 'pending' && kind !== 'mined');
  }
}

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constantFrom(
      'mine',
      'empty',
      'empty',
      'empty',
      'drop',
      'submit',
      'cancel',
      'stranger',
      'crash',
    ),
  }),
  fc.record({ kind: fc.constant('reorg'), depth: fc.integer({ min: 1, max: DEPTH - 1 }) }),
  fc.record({
    kind: fc.constant('look'),
    lie: fc.constantFrom(
      'none',
      'none',
      'hides_receipts',
      'shows_what_is_gone',
      'counts_more',
      'counts_fewer',
      'knows_nothing',
    ),
  }),
);
/** Nothing is ever mined: what is stuck is replaced, and replaced again. */
const stuck: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('empty', 'empty', 'crash') }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('look'), lie: fc.constant('none') }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'cancel' } as const) },
);
const HONEST: Event = { kind: 'look', lie: 'none' };
const MINE: Event = { kind: 'mine' };

const EXPECTED = { settled: 'payment', void: 'void', dead: 'stranger' } as const;

describe('following one nonce, whatever happens', () => {
  it('reports the final state of the chain as the outcome, and no outcome earlier', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60, size: 'max' }), (events) => {
        const world = new World();
        for (const one of events) world.play(one);

        const last = world.verdicts.filter(({ kind }) => kind !== 'pending' && kind !== 'mined');
        expect(last.length).toBeLessThanOrEqual(1);
        for (const { kind } of last)
          expect(EXPECTED[kind as keyof typeof EXPECTED]).toBe(world.kindOf(world.finallyMined()));
      }),
    );
  });

  it('comes to an end once the node is honest and blocks come', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40, size: 'max' }), (events) => {
        const world = new World();
        world.play({ kind: 'submit' });
        for (const one of events) world.play(one);
        for (let round = 0; round < 2 * DEPTH + 2; round++) {
          world.play(HONEST);
          world.play(MINE);
        }

        expect(Object.keys(EXPECTED)).toContain(world.verdicts.at(-1)?.kind);
      }),
    );
  });

  it('never signs a transfer again once it is to be void, and each replacement outbids all before it', () => {
    fc.assert(
      fc.property(fc.array(stuck, { maxLength: 60, size: 'max' }), (events) => {
        const world = new World();
        world.play({ kind: 'submit' });
        for (const one of events) world.play(one);

        const kinds = world.all.map(({ kind }) => kind);
        expect(
          kinds.indexOf('void') === -1 || kinds.lastIndexOf('payment') < kinds.indexOf('void'),
        ).toBe(true);
        world.all.slice(1).forEach((one, index) => {
          expect(one.maxFeePerGas * 8n).toBeGreaterThanOrEqual(world.all[index]!.maxFeePerGas * 9n);
          expect(one.maxPriorityFeePerGas * 8n).toBeGreaterThanOrEqual(
            world.all[index]!.maxPriorityFeePerGas * 9n,
          );
        });
      }),
    );
  });
});
