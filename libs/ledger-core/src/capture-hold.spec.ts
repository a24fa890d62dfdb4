import { Amount, assetOf } from '@sluice/kernel';
import { availableOf } from './account.js';
import { Book } from './book.js';
import { bookedFee, captureHold, recordVenueFee } from './capture-hold.js';
import { fundAccount, openAccount } from './open-account.js';
import { placeHold } from './place-hold.js';
import { releaseHold } from './release-hold.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';

function givenHold(amount: string) {
  const book = new Book();
  let entries = 0;
  const newId = () => `entry-${(entries += 1)}`;
  openAccount(book, { accountId: 'a', name: 'demo' }, AT);
  fundAccount(
    book,
    { accountId: 'a', amount: usdt('100'), reference: 'r', effectiveAt: null },
    AT,
    newId,
  );
  const held = { amount: usdt(amount), policy: withoutRules(usdt(amount)) };
  placeHold(
    book,
    { withdrawalId: 'w', accountId: 'a', expiresAt: null, digest: null, ...held },
    AT,
  );
  const capture = (part: string, fee: string) =>
    captureHold(
      book,
      {
        withdrawalId: 'w',
        accountId: 'a',
        amount: usdt(part),
        fee: usdt(fee),
        venue: 'gateio',
        effectiveAt: null,
      },
      AT,
      newId,
    );
  const linesOf = (id: string) =>
    book
      .changes()
      .entries.find((entry) => entry.id === id)
      ?.postings.map((posting) => `${posting.account} ${posting.amount.toString()}`);
  return { book, newId, capture, linesOf, balance: () => book.balance('a', USDT) };
}

describe('a hold', () => {
  it('captured in part releases the remainder, and debits payout and fee by one entry', () => {
    const { capture, balance, linesOf } = givenHold('60');

    const captured = capture('50', '1.5');

    expect(captured).toMatchObject({ ok: true, value: { state: 'captured', entryId: 'entry-2' } });
    expect([balance().posted.toString(), balance().held.toString()]).toEqual(['48.5', '0']);
    expect(linesOf('entry-2')).toEqual([
      'customer:a -51.5',
      'clearing:gateio 50',
      'fee-income 1.5',
    ]);
  });

  it('captured without a fee has no empty line', () => {
    const { capture, linesOf } = givenHold('60');

    capture('60', '0');

    expect(linesOf('entry-2')).toEqual(['customer:a -60', 'clearing:gateio 60']);
  });

  it('captured twice is one entry; captured otherwise, or released after it, is refused', () => {
    const { book, capture, balance } = givenHold('60');
    const first = capture('50', '1');

    expect(capture('50.0', '1')).toEqual(first);
    expect(capture('51', '0')).toMatchObject({ ok: false, refusal: { kind: 'already_captured' } });
    expect(
      releaseHold(book, { withdrawalId: 'w', accountId: 'a', reason: 'late' }, AT),
    ).toMatchObject({ refusal: { kind: 'already_captured' } });
    expect(balance().posted.toString()).toBe('49');
    expect(book.changes().entries).toHaveLength(2);
  });

  it('released is available again, also when it is released twice', () => {
    const { book, balance } = givenHold('60');

    const first = releaseHold(
      book,
      { withdrawalId: 'w', accountId: 'a', reason: 'refused by the venue' },
      AT,
    );
    const second = releaseHold(
      book,
      { withdrawalId: 'w', accountId: 'a', reason: 'sent once more' },
      AT,
    );

    expect(second).toEqual(first);
    expect(availableOf(balance()).toString()).toBe('100');
  });

  it('refused stays refused although the funds have come since', () => {
    const { book, newId } = givenHold('60');
    const tooMuch = {
      withdrawalId: 'w2',
      accountId: 'a',
      amount: usdt('41'),
      expiresAt: null,
      digest: null,
      policy: withoutRules(usdt('41')),
    };
    placeHold(book, tooMuch, AT);
    fundAccount(
      book,
      { accountId: 'a', amount: usdt('1000'), reference: 'r2', effectiveAt: null },
      AT,
      newId,
    );

    const again = placeHold(book, tooMuch, AT);

    expect(again).toMatchObject({
      ok: false,
      refusal: { kind: 'insufficient_funds', available: usdt('40') },
    });
    expect(
      captureHold(
        book,
        { ...tooMuch, fee: usdt('0'), venue: 'gateio', effectiveAt: null },
        AT,
        newId,
      ),
    ).toMatchObject({
      refusal: { kind: 'hold_not_found' },
    });
  });

  it("captured with the venue's fee is one entry, and a repetition or another fee books nothing", () => {
    const { book, newId, balance, linesOf } = givenHold('60');
    const about = { withdrawalId: 'w', accountId: 'a', venue: 'gateio' };
    const cmd = { ...about, amount: usdt('50'), fee: usdt('1'), venueFee: usdt('0.4') };
    const capture = (venueFee = usdt('0.4')) =>
      captureHold(book, { ...cmd, venueFee, effectiveAt: null }, AT, newId);

    const first = capture();

    expect(linesOf('entry-2')).toEqual([
      'customer:a -51',
      'clearing:gateio 50',
      'fee-income 1',
      'clearing:gateio 0.4',
      'venue-fee:gateio -0.4',
    ]);
    expect(balance().posted.toString()).toBe('49');
    expect([capture(), capture(usdt('0.5'))]).toEqual([first, first]);
    expect(bookedFee(book, { ...cmd, effectiveAt: null })).toMatchObject({ entryId: 'entry-2' });
    const late = { ...about, amount: usdt('0.5'), reference: null };
    expect(recordVenueFee(book, late, AT, newId)).toMatchObject({
      refusal: { kind: 'venue_fee_reused' },
    });
    expect(book.changes().entries).toHaveLength(2);
  });

  it("costs us the venue's fee, not the customer", () => {
    const { book, newId, capture, balance, linesOf } = givenHold('60');
    capture('50', '1');

    const eth = Amount.of('0.002', assetOf('ETH', 'ETH'));
    const recorded = recordVenueFee(
      book,
      { withdrawalId: 'w', accountId: 'a', venue: 'gateio', amount: eth, reference: null },
      AT,
      newId,
    );

    expect(recorded).toMatchObject({ ok: true, value: { entryId: 'entry-3' } });
    expect(linesOf('entry-3')).toEqual(['clearing:gateio 0.002', 'venue-fee:gateio -0.002']);
    expect(balance().posted.toString()).toBe('49');
  });
});
