import { Amount, assetOf } from '@sluice/kernel';
import { assignHold, placeHold } from './place-hold.js';
import { Book } from './book.js';
import { captureHold } from './capture-hold.js';
import { releaseHold } from './release-hold.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';
const W = { withdrawalId: 'w', accountId: 'a' };

/** A hold of 60 that Gate.io may pay. */
function held({ digest = 'd', expiresAt = null as string | null } = {}): Book {
  const book = new Book({
    accounts: [{ id: 'a', name: 'demo', openedAt: AT, frozen: false }],
    balances: [{ accountId: 'a', posted: usdt('100'), held: usdt('0') }],
  });
  const policy = withoutRules(usdt('60'));
  placeHold(
    book,
    { ...W, amount: usdt('60'), expiresAt, digest: digest || null, venue: 'gateio', policy },
    AT,
  );
  return book;
}
const toBybit = { ...W, venue: 'bybit', from: 'gateio', isProven: true };

describe('the venue of a hold', () => {
  it('is the next one only on the proof of the one before it', () => {
    const book = held();

    expect(assignHold(book, { ...toBybit, isProven: false }, AT)).toMatchObject({
      refusal: { kind: 'not_proven' },
    });
    expect(assignHold(book, toBybit, AT)).toMatchObject({ value: { assignedTo: 'bybit' } });
  });

  it('is answered again when it is asked again, and never goes back', () => {
    const book = held();
    assignHold(book, toBybit, AT);

    expect(assignHold(book, { ...toBybit, isProven: false }, AT)).toMatchObject({
      value: { assignedTo: 'bybit' },
    });
    expect(assignHold(book, { ...toBybit, venue: 'bitmart' }, AT)).toMatchObject({
      refusal: { kind: 'assigned_elsewhere' },
    });
  });

  it.each([
    ['for no order', { digest: '' }],
    ['that may still end by time', { expiresAt: '2026-11-20T09:00:00.000Z' }],
  ])('is none of a hold %s, whatever is proven', (_which, hold) => {
    for (const venue of ['gateio', 'bybit'])
      expect(assignHold(held(hold), { ...toBybit, venue }, AT)).toMatchObject({
        refusal: { kind: 'not_proven' },
      });
  });

  it('alone may have it captured', () => {
    const book = held();
    const capture = { ...W, amount: usdt('60'), fee: usdt('0'), effectiveAt: null };

    expect(captureHold(book, { ...capture, venue: 'bybit' }, AT, () => 'e')).toMatchObject({
      refusal: { kind: 'assigned_elsewhere' },
    });
    expect(captureHold(book, { ...capture, venue: 'gateio' }, AT, () => 'e').ok).toBe(true);
  });

  it('has to prove that nothing moved before the hold is released', () => {
    const book = held();

    expect(releaseHold(book, { ...W, reason: 'limit' }, AT)).toMatchObject({
      refusal: { kind: 'not_proven' },
    });
    expect(releaseHold(book, { ...W, reason: 'limit', isProven: true }, AT).ok).toBe(true);
  });
});
