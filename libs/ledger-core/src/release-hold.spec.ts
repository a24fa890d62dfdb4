import { Amount, assetOf } from '@sluice/kernel';
import { Book } from './book.js';
import { captureHold } from './capture-hold.js';
import { expireHold, releaseHold } from './release-hold.js';
import { placeHold, startSubmission } from './place-hold.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const [PLACED_AT, DUE, LATER] = [
  '2026-11-20T08:00:00.000Z',
  '2026-11-20T08:10:00.000Z',
  '2026-11-20T09:00:00.000Z',
];
const W = { withdrawalId: 'w', accountId: 'a' };

function givenExpirable() {
  const account = { id: 'a', name: 'demo', openedAt: PLACED_AT, frozen: false };
  const book = new Book({
    accounts: [account],
    balances: [{ accountId: 'a', posted: usdt('100'), held: usdt('0') }],
  });
  const held = { amount: usdt('60'), policy: withoutRules(usdt('60')) };
  placeHold(book, { ...W, ...held, expiresAt: DUE, digest: null }, PLACED_AT);
  return { book, held: () => book.balance('a', USDT).held.toString() };
}

describe('a hold with a due time', () => {
  it('is available again once it is due, and not a moment before', () => {
    const { book, held } = givenExpirable();

    expect(expireHold(book, W, '2026-11-20T08:09:59.999Z')).toMatchObject({
      refusal: { kind: 'not_due' },
    });
    expect(held()).toBe('60');
    expect(expireHold(book, W, DUE)).toMatchObject({
      ok: true,
      value: { state: 'expired', closedAt: DUE },
    });
    expect(held()).toBe('0');
  });

  it('never expires after a submission has started, however late it is', () => {
    const { book, held } = givenExpirable();
    startSubmission(book, W, DUE);

    expect(expireHold(book, W, LATER)).toMatchObject({ refusal: { kind: 'not_expirable' } });
    expect(held()).toBe('60');
  });

  it('never expires if it was placed without an expiry time', () => {
    const { book, held } = givenExpirable();

    expect(expireHold(book, { ...W, isExpirable: false }, DUE)).toMatchObject({
      refusal: { kind: 'not_expirable' },
    });
    expect(held()).toBe('60');
  });

  it('that has expired lets no submission start, and is neither captured nor released', () => {
    const { book } = givenExpirable();
    expireHold(book, W, DUE);

    const late = [
      startSubmission(book, W, LATER),
      captureHold(
        book,
        { ...W, amount: usdt('1'), fee: usdt('0'), venue: 'gateio', effectiveAt: null },
        LATER,
        () => 'e',
      ),
      releaseHold(book, { ...W, reason: 'late' }, LATER),
    ];

    expect(late).toEqual(late.map(() => ({ ok: false, refusal: { kind: 'already_expired' } })));
  });

  it('may be captured without a word about its submission: proof of payment counts', () => {
    const { book, held } = givenExpirable();

    const captured = captureHold(
      book,
      { ...W, amount: usdt('60'), fee: usdt('0'), venue: 'gateio', effectiveAt: null },
      LATER,
      () => 'e',
    );

    expect([captured.ok, held()]).toEqual([true, '0']);
    expect(expireHold(book, W, LATER)).toMatchObject({ refusal: { kind: 'already_captured' } });
  });

  it('answers a start that was sent again with the first answer, also after the hold has ended', () => {
    const { book } = givenExpirable();
    startSubmission(book, W, PLACED_AT);
    releaseHold(book, { ...W, reason: 'refused by the venue' }, DUE);

    expect(startSubmission(book, W, LATER)).toMatchObject({
      ok: true,
      value: { submissionStartedAt: PLACED_AT, state: 'released' },
    });
  });
});
