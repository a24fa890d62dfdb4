import fc from 'fast-check';
import { Amount, type Asset, ok, type Result } from '@sluice/kernel';
import {
  anyLedgerStepsWithReturns,
  STEP_ACCOUNTS,
  STEP_ASSETS,
  withoutRules,
} from './testing/any-ledger-step.js';
import { NaiveLedger, type LedgerStep, type Party } from './testing/naive-ledger.js';
import { Book } from './book.js';
import { bookedFee, captureHold, recordVenueFee } from './capture-hold.js';
import { customerAccount } from './account.js';
import { expireHold, releaseHold, returnPayment } from './release-hold.js';
import { freezeAccount, fundAccount, openAccount, unfreezeAccount } from './open-account.js';
import { placeHold, startSubmission } from './place-hold.js';
import { recordGas, recordGasTopUp } from './wallet-bookings.js';
import { REFUSAL_ORDER, type LedgerRefusal } from './refusal-order.js';
import { reverseEntry, transferFunds } from './corrections.js';

const START = '2026-11-20T08:00:00.000Z';
const [ACCOUNTS, ASSETS] = [STEP_ACCOUNTS, STEP_ASSETS];
const anySteps = anyLedgerStepsWithReturns([0, 1, 4]);

/** The real ledger, driven by the same steps. A replay is recognised by the entries and holds that it must not make. */
function realLedger() {
  const book = new Book();
  let [entries, steps] = [0, 0];
  const newId = () => `entry-${(entries += 1)}`;
  const timeOf = (step: number) => new Date(Date.parse(START) + step * 1000).toISOString();
  const run = (s: LedgerStep): Result<unknown, LedgerRefusal> => {
    const at = timeOf(steps++);
    const [amount, fee] = [Amount.of(String(s.amount), s.asset), Amount.of(String(s.fee), s.asset)];
    const [accountId, withdrawalId, reference] = [s.account, s.id, s.id];
    const nameOf = (party: Party) =>
      party === 'customer'
        ? customerAccount(s.account)
        : party === 'another'
          ? customerAccount('c')
          : party;
    switch (s.do) {
      case 'open':
        return openAccount(book, { accountId, name: s.name }, at);
      case 'freeze':
        return freezeAccount(book, { accountId, freezeId: s.id, reason: 'r' }, at);
      case 'unfreeze':
        return unfreezeAccount(book, { accountId, freezeId: s.id }, at);
      case 'fund':
        return fundAccount(book, { accountId, amount, reference, effectiveAt: null }, at, newId);
      case 'transfer':
        return transferFunds(
          book,
          { accountId, from: nameOf(s.from), to: nameOf(s.to), amount, reference },
          at,
          newId,
        );
      case 'place':
        return placeHold(
          book,
          {
            withdrawalId,
            accountId,
            amount,
            expiresAt: s.due === 0 ? null : timeOf(steps - 1 + s.due),
            digest: null,
            policy: withoutRules(amount),
          },
          at,
        );
      case 'start':
        return startSubmission(book, { withdrawalId, accountId }, at);
      case 'capture': {
        const venueFee = s.venueFee === 0 ? null : Amount.of(String(s.venueFee), s.asset);
        const about = { withdrawalId, accountId, venue: s.venue, effectiveAt: null };
        const cmd = { ...about, amount, fee, venueFee };
        const captured = captureHold(book, cmd, at, newId);
        return captured.ok ? ok({ booked: bookedFee(book, cmd) }) : captured;
      }
      case 'release':
        return releaseHold(book, { withdrawalId, accountId, reason: 'r' }, at);
      case 'expire':
        return expireHold(book, { withdrawalId, accountId }, at);
      case 'fee':
        return recordVenueFee(
          book,
          { withdrawalId, accountId, venue: s.venue, amount, reference: s.correction },
          at,
          newId,
        );
      case 'return':
        return returnPayment(
          book,
          { withdrawalId, accountId, venue: s.venue, amount, isProven: true },
          at,
          newId,
        );
      case 'gas':
        return recordGas(book, { ...ofGas(s, `0.${s.amount}`), wallet: s.wallet }, at, newId);
      case 'topup':
        return recordGasTopUp(book, ofGas(s, String(s.amount * 4)), at, newId);
      case 'reverse':
        return reverseEntry(
          book,
          { accountId, entryId: `entry-${s.entry}`, lines: s.lines, reason: 'r' },
          at,
          newId,
        );
    }
  };
  const picture = () =>
    JSON.stringify([
      book.changes(),
      ACCOUNTS.map((account) => ASSETS.map((asset) => book.balance(account, asset))),
    ]);
  return { book, run, picture };
}

/** Returns the venue's fee that the capture names as booked. */
function feeIn(result: Result<unknown, LedgerRefusal>): unknown {
  if (!result.ok || typeof result.value !== 'object' || result.value === null) return null;
  return 'booked' in result.value ? result.value.booked : null;
}

function ofGas({ id, asset }: LedgerStep, amount: string) {
  const network = 'ETH';
  return { network, amount: Amount.of(amount, asset), reference: id, effectiveAt: null };
}

describe('any sequence of commands', () => {
  it('gives the answers and the balances of a naive ledger that recounts everything, and keeps 0 <= held <= posted at each step', () =>
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [real, naive] = [realLedger(), new NaiveLedger()];
        for (const step of steps) {
          const result = real.run(step);
          const { said, available, hasFee } = naive.apply(step);
          expect(result.ok ? 'ok' : result.refusal.kind).toBe(said === 'again' ? 'ok' : said);
          expect(feeIn(result) !== null).toBe(hasFee);
          if (!result.ok && 'available' in result.refusal && step.do === 'place')
            expect(result.refusal.available.toString()).toBe(String(available));
          const { posted, held } = real.book.balance(step.account, step.asset);
          expect([held.isNegative(), posted.lessThan(held)]).toEqual([false, false]);
        }
        for (const account of ACCOUNTS) {
          for (const asset of ASSETS) {
            const { posted, held } = real.book.balance(account, asset);
            expect([posted.toString(), held.toString()]).toEqual([
              String(naive.posted(account, asset)),
              String(naive.held(account, asset)),
            ]);
          }
        }
      }),
      { numRuns: 1000 },
    ));

  it('conserves money: all postings of an asset sum to zero, and those of a customer to what is posted', () =>
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { book, run } = realLedger();
        steps.forEach(run);
        const postings = book.changes().entries.flatMap((entry) => entry.postings);
        const sum = (asset: Asset, account?: string) =>
          postings
            .filter(
              (posting) =>
                posting.amount.asset === asset &&
                (account === undefined || posting.account === account),
            )
            .reduce((total, posting) => total.plus(posting.amount), Amount.zero(asset))
            .toString();
        for (const asset of ASSETS) {
          expect(sum(asset)).toBe('0');
          for (const account of ACCOUNTS)
            expect(sum(asset, customerAccount(account))).toBe(
              book.balance(account, asset).posted.toString(),
            );
        }
      }),
    ));

  it('is not changed by repeating what was already answered', () =>
    fc.assert(
      fc.property(anySteps, fc.array(fc.nat(59), { maxLength: 20 }), (steps, repeats) => {
        const { run, picture } = realLedger();
        const answers = steps.map(run);
        const before = picture();
        // Another refusal is no outcome yet: it may succeed later. Only what was done, and a refused hold, is answered for ever.
        const settled = repeats.filter(
          (index) => answers[index]?.ok || (steps[index]?.do === 'place' && answers[index]),
        );
        const again = settled.map((index) => run(steps[index]!));
        expect(picture()).toBe(before);
        again.forEach((result, n) => expect(result.ok).toBe(answers[settled[n]!]?.ok));
      }),
    ));

  it('meets every refusal of the ledger, and corrected venue fees, so the comparison is not of easy cases only', () => {
    const met = new Set<string>();
    let corrected = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { book, run } = realLedger();
        for (const result of steps.map(run)) if (!result.ok) met.add(result.refusal.kind);
        if (steps.some(({ id }) => book.venueFees(id).length > 1)) corrected += 1;
      }),
      { numRuns: 4000, seed: 1 },
    );
    // No step here gives a hold to a venue: assign-hold.spec.ts does. The naive ledger counts in whole numbers that are exact, which no balance outgrows.
    const notHere = [
      'assigned_elsewhere',
      'not_proven',
      'balance_too_large',
      'order_not_signed',
      'policy_denied', // no step here has a policy: policy.int.spec.ts does
      'limit_exceeded',
      'not_approved', // likewise: payment-approvals.int.spec.ts does
      'held_before', // no step here has a reference: hold-reference.int.spec.ts does
      'not_returnable', // our own wallet pays no step here
      'network_mismatch', // of what comes to the wallet, which is in the scenarios alone
    ];
    const all = new Set<string>(Object.values(REFUSAL_ORDER).flat());
    expect([...all].filter((kind) => !met.has(kind)).sort()).toEqual(notHere.sort());
    expect(corrected).toBeGreaterThan(10);
  });
});
