import fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import { SIGNATURE_KINDS } from '@sluice/signer-api';
import { HOT, SOMEBODY, THIEF, USDT } from '../testkit/wallets.js';
import { decide, type LoadedBook, NONCE_WINDOW, SigningBook } from './decide.js';
import { capOf, type SignatureOrder } from './chains.js';

const NOW = new Date('2026-11-23T21:00:00.000Z');
const EMPTY: LoadedBook = { now: NOW, closed: [], nonces: [], highest: [], spent: [] };
const gas = (coins: string) => Amount.of(coins, 'ETH.ETH');
const usdt = (amount: string) => Amount.of(amount, 'USDT.ETH');
const FEES = { gasLimit: 1n, maxFeePerGas: 1n, maxPriorityFeePerGas: 0n };

type Change = Partial<Omit<SignatureOrder, 'transfer'>> & {
  readonly transfer?: Partial<SignatureOrder['transfer']>;
};

function payment({ transfer, ...change }: Change = {}): SignatureOrder {
  return {
    kind: 'payment',
    withdrawalId: 'w1',
    amount: usdt('10'),
    gasCost: gas('0.001'),
    beginsBy: new Date(NOW.getTime() + 1),
    caps: { capOf },
    firstNonce: 0n,
    ...change,
    transfer: {
      chainId: 1,
      from: HOT,
      to: SOMEBODY,
      token: USDT,
      amount: 10n,
      nonce: 7n,
      fees: FEES,
      ...transfer,
    },
  };
}

function nothing({ transfer, ...change }: Change = {}): SignatureOrder {
  const moved = { to: HOT, token: null, amount: 0n, ...transfer };
  return payment({
    kind: 'void',
    withdrawalId: null,
    beginsBy: null,
    amount: null,
    ...change,
    transfer: moved,
  });
}

/** What becomes of orders that come one after the other. */
function outcomes(...orders: readonly SignatureOrder[]) {
  const book = new SigningBook(EMPTY);
  return orders.map((order) => decide(book, order));
}

describe('a receipt that has ended', () => {
  const late = payment({ beginsBy: NOW });

  it('lets nothing begin', () => {
    expect(outcomes(late)).toEqual(['receipt_expired']);
  });

  it('lets what has its nonce be finished: at other fees, the same again, and as a void', () => {
    const dearer = payment({ beginsBy: NOW, gasCost: gas('0.002') });
    expect(outcomes(payment(), late, dearer, nothing())).toEqual([null, null, null, null]);
  });

  it('gives a withdrawal no second nonce', () => {
    const elsewhere = payment({ beginsBy: NOW, transfer: { nonce: 8n } });
    expect(outcomes(payment(), elsewhere)).toEqual([null, 'withdrawal_elsewhere']);
  });
});

describe('a withdrawal that is closed', () => {
  const known = { ...payment(), gasCost: gas('0.001') };

  it('is signed no payment, with whatever receipt, and with a nonce that it had before', () => {
    const unsigned = new SigningBook({ ...EMPTY, closed: ['w1'] });
    expect(decide(unsigned, payment())).toBe('withdrawal_closed');
    const signed = new SigningBook({ ...EMPTY, closed: ['w1'], nonces: [known] });
    expect(decide(signed, payment(), true)).toBe('withdrawal_closed');
    expect(decide(signed, payment({ withdrawalId: 'w2' }))).toBe('nonce_taken');
  });

  it('has its nonce used up by a void', () => {
    const signed = new SigningBook({ ...EMPTY, closed: ['w1'], nonces: [known] });
    expect(decide(signed, nothing())).toBeNull();
  });
});

describe('a nonce', () => {
  const same = payment();

  it('that was given to a payment is signed again for it, at any price, and as a void', () => {
    const dearer = payment({ gasCost: gas('0.002') });
    expect(outcomes(same, dearer, same, nothing(), same)).toEqual([null, null, null, null, null]);
  });

  it.each([
    ['withdrawal', payment({ withdrawalId: 'w2' })],
    ['recipient', payment({ transfer: { to: THIEF } })],
    ['amount', payment({ transfer: { amount: 11n } })],
    ['token', payment({ transfer: { token: null } })],
    ['kind', payment({ kind: 'top_up', withdrawalId: null })],
  ])('that was given to a payment is never signed for another %s', (_what, other) => {
    expect(outcomes(same, other)).toEqual([null, 'nonce_taken']);
  });

  it('of a void is never signed for a payment', () => {
    expect(outcomes(nothing(), payment(), nothing())).toEqual([null, 'nonce_taken', null]);
  });

  it('is the only nonce of a withdrawal, on any chain', () => {
    expect(outcomes(same, payment({ transfer: { nonce: 8n } }))).toEqual([
      null,
      'withdrawal_elsewhere',
    ]);
    expect(outcomes(same, payment({ transfer: { chainId: 2 } }))[1]).toBe('withdrawal_elsewhere');
  });

  it('of another chain or another address is another nonce', () => {
    const others = [
      payment({ withdrawalId: 'w2', transfer: { chainId: 2 } }),
      payment({ withdrawalId: 'w3', transfer: { from: THIEF } }),
    ];
    expect(outcomes(same, ...others)).toEqual([null, null, null]);
  });

  it('lies within its window: none far above the highest, no payment far below it, a void at any gap', () => {
    const at = (nonce: bigint) => ({ transfer: { nonce } });
    const high = payment({ withdrawalId: 'high', firstNonce: 5_000n, ...at(5_000n) });
    const bounds = [NONCE_WINDOW, NONCE_WINDOW + 1n, -NONCE_WINDOW, -NONCE_WINDOW - 1n];
    const payments = bounds.map((off) =>
      outcomes(high, payment({ withdrawalId: `${off}`, ...at(5_000n + off) })).at(1),
    );
    const voids = bounds.map((off) => outcomes(high, nothing(at(5_000n + off))).at(1));

    expect(payments).toEqual([null, 'nonce_too_high', null, 'nonce_final']);
    expect(voids).toEqual([null, 'nonce_too_high', null, null]);
  });
});

describe('the first nonce of an address', () => {
  const topUp = (nonce: bigint, firstNonce: bigint) =>
    payment({
      kind: 'top_up',
      withdrawalId: null,
      amount: gas('1'),
      firstNonce,
      transfer: { token: null, nonce },
    });

  it('lies within the window above the configured first nonce', () => {
    const last = NONCE_WINDOW - 1n;
    const asked = [9_000n, last, last + 1n].map((nonce) => outcomes(topUp(nonce, 0n))[0]);

    expect(asked).toEqual(['nonce_too_high', null, 'nonce_too_high']);
    expect(outcomes(topUp(9_000n, 8_990n))).toEqual([null]);
  });

  it('is bounded for voids and payments too, so that no single request moves the window away', () => {
    expect(outcomes(nothing({ transfer: { nonce: 9_000n } }))).toEqual(['nonce_too_high']);
    expect(outcomes(payment({ transfer: { nonce: 9_000n } }))).toEqual(['nonce_too_high']);
  });
});

describe('what is signed already', () => {
  const full = () =>
    new SigningBook({
      ...EMPTY,
      nonces: [payment()],
      highest: [{ chainId: 1, from: HOT, nonce: 7n }],
      spent: [{ spending: 'gas', amount: gas(capOf('gas', 'ETH.ETH')?.hour ?? '') }],
    });
  const dearer = payment({ gasCost: gas('0.002') });

  it('is given to its order again, however full the hour', () => {
    expect(decide(full(), dearer, true)).toBeNull();
    expect(decide(full(), dearer)).toBe('gas_hour_is_full');
  });

  it('is not given to another order, though that asks for the same bytes', () => {
    expect(decide(full(), payment({ withdrawalId: 'w2' }), true)).toBe('nonce_taken');
  });
});

describe('an hour', () => {
  const spent = (amount: Amount, spending: 'payment' | 'gas') =>
    new SigningBook({ ...EMPTY, spent: [{ spending, amount }] });
  const cap = capOf('payment', 'USDT.ETH')?.hour ?? '';

  it('signs away as much as its cap, and no unit more', () => {
    const all = spent(usdt(cap).minus(usdt('10')), 'payment');
    expect(decide(all, payment())).toBeNull();
    expect(decide(all, payment({ withdrawalId: 'w2', transfer: { nonce: 8n } }))).toBe(
      'hour_is_full',
    );
  });

  it('counts a payment once, however often it is signed', () => {
    const book = new SigningBook(EMPTY);
    for (const cost of ['0.001', '0.003', '0.002']) decide(book, payment({ gasCost: gas(cost) }));

    expect(book.spentOf('payment', 'USDT.ETH').toString()).toBe('10');
    expect(book.spentOf('gas', 'ETH.ETH').toString()).toBe('0.003');
  });

  it('burns as much gas as its cap, for voids as well', () => {
    const full = spent(gas(capOf('gas', 'ETH.ETH')?.hour ?? ''), 'gas');
    expect(decide(full, nothing())).toBe('gas_hour_is_full');
  });
});

describe('whatever is asked, in any order', () => {
  const anyOrder = fc
    .record({
      kind: fc.constantFrom(...SIGNATURE_KINDS),
      withdrawalId: fc.constantFrom('w1', 'w2', 'w3', 'w4'),
      nonce: fc.bigInt(0n, 5n),
      from: fc.constantFrom(HOT, THIEF),
      amount: fc.integer({ min: 1, max: 3 }),
      cost: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ kind, withdrawalId, nonce, from, amount, cost }) => {
      const gasCost = gas(`${cost}`);
      if (kind === 'void') return nothing({ gasCost, transfer: { nonce, from, to: from } });
      const units = { nonce, from, amount: BigInt(amount) };
      return kind === 'payment'
        ? payment({ withdrawalId, gasCost, amount: usdt(`${amount}`), transfer: units })
        : payment({
            kind,
            withdrawalId: null,
            gasCost,
            amount: gas('1'),
            transfer: { ...units, token: null },
          });
    });

  it('no nonce pays twice, no withdrawal has two nonces, and no sum is above its cap', () =>
    fc.assert(
      fc.property(fc.array(anyOrder, { maxLength: 60 }), (orders) => {
        const book = new SigningBook(EMPTY);
        const signed = orders.filter((order) => decide(book, order) === null);

        const moving = signed.filter(({ kind }) => kind !== 'void');
        const distinct = (texts: readonly string[]) => new Set(texts).size;
        const placeOf = ({ transfer: { from, nonce } }: SignatureOrder) => `${from} ${nonce}`;
        const wishOf = (order: SignatureOrder) =>
          `${placeOf(order)} ${order.kind} ${order.withdrawalId} ${order.transfer.amount}`;
        expect(distinct(moving.map(placeOf))).toBe(distinct(moving.map(wishOf)));
        const payments = moving.filter(({ kind }) => kind === 'payment');
        const nonceOf = (order: SignatureOrder) => `${order.withdrawalId} ${placeOf(order)}`;
        expect(distinct(payments.map(({ withdrawalId }) => `${withdrawalId}`))).toBe(
          distinct(payments.map(nonceOf)),
        );
        for (const spending of ['gas', 'top_up'] as const) {
          const most = gas(capOf(spending, 'ETH.ETH')?.hour ?? '');
          expect(most.lessThan(book.spentOf(spending, 'ETH.ETH'))).toBe(false);
        }
      }),
    ));
});
