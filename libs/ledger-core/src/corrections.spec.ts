import { Amount, assetOf } from '@sluice/kernel';
import { Book } from './book.js';
import { captureHold, recordVenueFee } from './capture-hold.js';
import { freezeAccount, fundAccount, openAccount, unfreezeAccount } from './open-account.js';
import { placeHold } from './place-hold.js';
import { releaseHold } from './release-hold.js';
import { withoutRules } from './testing/any-ledger-step.js';
import { reverseEntry, transferFunds } from './corrections.js';
import type { ReversedLines } from './journal.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';

function givenAccount() {
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
  return {
    book,
    place: (withdrawalId: string, amount: string) =>
      placeHold(
        book,
        {
          withdrawalId,
          accountId: 'a',
          amount: usdt(amount),
          expiresAt: null,
          digest: null,
          policy: withoutRules(usdt(amount)),
        },
        AT,
      ),
    capture: (withdrawalId: string, amount: string, venueFee = '0') =>
      captureHold(
        book,
        {
          withdrawalId,
          accountId: 'a',
          amount: usdt(amount),
          fee: usdt('1'),
          venueFee: usdt(venueFee),
          venue: 'gateio',
          effectiveAt: null,
        },
        AT,
        newId,
      ),
    reverse: (entryId: string, lines: ReversedLines = null) =>
      reverseEntry(book, { accountId: 'a', entryId, lines, reason: 'a mistake' }, AT, newId),
    transfer: (from: string, to: string, amount = '5', reference = `${from} ${to}`) =>
      transferFunds(book, { accountId: 'a', from, to, amount: usdt(amount), reference }, AT, newId),
    posted: () => book.balance('a', USDT).posted.toString(),
    lines: () =>
      book
        .changes()
        .entries.at(-1)
        ?.postings.map(({ account, amount }) => `${account} ${amount.toString()}`),
  };
}

describe('a reversal', () => {
  it('posts the opposite of a capture, and leaves its hold captured', () => {
    const { book, place, capture, reverse, posted, lines } = givenAccount();
    place('w', '60');
    capture('w', '50');

    const reversed = reverse('entry-2');

    expect(reversed).toMatchObject({
      ok: true,
      value: { reverses: 'entry-2', entryId: 'entry-3' },
    });
    expect(lines()).toEqual(['customer:a 51', 'clearing:gateio -50', 'fee-income -1']);
    expect([posted(), book.hold('w')?.state]).toEqual(['100', 'captured']);
    expect(capture('w', '50').ok).toBe(true);
    expect(posted()).toBe('100');
  });

  it('sent again is one entry, and cannot be reversed itself', () => {
    const { book, reverse, posted } = givenAccount();
    const first = reverse('entry-1');

    expect(reverse('entry-1')).toEqual(first);
    expect(reverse('entry-2')).toMatchObject({ refusal: { kind: 'not_reversible' } });
    expect([posted(), book.changes().entries.length]).toEqual(['0', 2]);
  });

  it('of a capture names the lines of the venue’s fee or the others, and takes each back once', () => {
    const { place, capture, reverse, posted, lines } = givenAccount();
    place('w', '60');
    capture('w', '50', '0.4');

    const fee = reverse('entry-2', 'venue_fee');
    expect([lines(), posted()]).toEqual([['clearing:gateio -0.4', 'venue-fee:gateio 0.4'], '49']);
    const payment = reverse('entry-2');
    expect([lines(), posted()]).toEqual([
      ['customer:a 51', 'clearing:gateio -50', 'fee-income -1'],
      '100',
    ]);

    expect([reverse('entry-2', 'venue_fee'), reverse('entry-2')]).toEqual([fee, payment]);
    expect(reverse('entry-3', 'venue_fee')).toMatchObject({ refusal: { kind: 'not_reversible' } });
    expect(posted()).toBe('100');
  });

  it('of the venue’s fee is refused for an entry without these lines', () => {
    const { book, place, capture, reverse } = givenAccount();
    place('w', '60');
    capture('w', '50');
    const { withdrawalId, accountId, venue } = {
      withdrawalId: 'w',
      accountId: 'a',
      venue: 'gateio',
    };
    const late = { withdrawalId, accountId, venue, amount: usdt('0.4'), reference: null };
    recordVenueFee(book, late, AT, () => 'late');

    for (const entry of ['entry-1', 'entry-2', 'late'])
      expect(reverse(entry, 'venue_fee')).toMatchObject({ refusal: { kind: 'not_reversible' } });
    expect(reverse('late').ok).toBe(true);
  });

  it('of a funding is refused while a hold counts on the money', () => {
    const { place, reverse } = givenAccount();
    place('w', '1');

    expect(reverse('entry-1')).toMatchObject({
      refusal: { kind: 'insufficient_funds', available: usdt('99') },
    });
  });
});

describe('a frozen account', () => {
  const freeze = (freezeId: string) => ({ accountId: 'a', freezeId, reason: 'court order' });

  it('promises nothing new, and ends what was promised before', () => {
    const { book, place, capture, transfer } = givenAccount();
    place('w1', '10');
    place('w2', '10');
    freezeAccount(book, freeze('f'), AT);

    const refused = [place('w3', '1'), transfer('customer:a', 'suspense')];

    expect(refused).toEqual(
      refused.map(() => ({ ok: false, refusal: { kind: 'account_frozen' } })),
    );
    expect([
      capture('w1', '9').ok,
      releaseHold(book, { withdrawalId: 'w2', accountId: 'a', reason: 'r' }, AT).ok,
    ]).toEqual([true, true]);
    expect(transfer('suspense', 'customer:a').ok).toBe(true);
  });

  it('is free when the last of its freezes is lifted, and the refused withdrawal stays refused', () => {
    const { book, place } = givenAccount();
    freezeAccount(book, freeze('f'), AT);
    freezeAccount(book, freeze('g'), AT);
    place('w1', '1');

    unfreezeAccount(book, freeze('f'), AT);
    expect(book.account('a')?.frozen).toBe(true);
    unfreezeAccount(book, freeze('g'), AT);

    expect(place('w2', '1').ok).toBe(true);
    expect(place('w1', '1')).toMatchObject({ refusal: { kind: 'account_frozen' } });
  });

  it('is not frozen again by an old freeze that is sent once more', () => {
    const { book } = givenAccount();
    freezeAccount(book, freeze('f'), AT);
    const lifted = unfreezeAccount(book, freeze('f'), AT);

    expect(freezeAccount(book, freeze('f'), AT)).toEqual(lifted);
    expect(book.account('a')?.frozen).toBe(false);
  });
});

describe('a transfer', () => {
  it('between shared accounts touches no balance and needs no funds', () => {
    const { transfer, lines, posted } = givenAccount();

    expect(transfer('clearing:gateio', 'hot-wallet:ETH', '5000').ok).toBe(true);
    expect(lines()).toEqual(['clearing:gateio -5000', 'hot-wallet:ETH 5000']);
    expect(posted()).toBe('100');
  });

  it('sent again is one entry; sent with other terms it is refused', () => {
    const { book, transfer, posted } = givenAccount();
    const first = transfer('customer:a', 'suspense', '5', 'x');

    expect(transfer('customer:a', 'suspense', '5.0', 'x')).toEqual(first);
    expect(transfer('customer:a', 'fee-income', '5', 'x')).toMatchObject({
      refusal: { kind: 'reference_reused' },
    });
    expect([posted(), book.changes().entries.length]).toEqual(['95', 2]);
  });

  it.each([
    ['suspense', 'suspense'],
    ['customer:a', 'customer:b'],
    ['suspense', 'customer:b'],
    ['suspense', 'funding'],
    ['venue-fee:gateio', 'suspense'],
    ['petty-cash', 'suspense'],
    ['suspense', 'clearing'],
  ])('from %s to %s is refused', (from, to) => {
    const { transfer } = givenAccount();

    expect(transfer(from, to)).toMatchObject({ refusal: { kind: 'not_transferable' } });
  });
});
