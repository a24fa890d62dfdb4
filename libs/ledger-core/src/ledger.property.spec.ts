import fc from 'fast-check';
import { Amount, assetOf, type Asset } from '@sluice/money';
import { Book } from './book.js';
import { captureHold } from './capture-hold.js';
import { customerAccount } from './chart-of-accounts.js';
import { fundAccount } from './fund-account.js';
import { openAccount } from './open-account.js';
import { placeHold } from './place-hold.js';
import { recordVenueFee } from './record-venue-fee.js';
import { releaseHold } from './release-hold.js';

const ASSETS: readonly Asset[] = [assetOf('USDT', 'ETH'), assetOf('BTC', 'BTC')];
const ACCOUNTS = ['a', 'b'];
const AT = '2026-11-20T08:00:00.000Z';

interface Step {
  do: 'open' | 'fund' | 'place' | 'capture' | 'release' | 'fee';
  account: string;
  asset: Asset;
  id: string;
  amount: number;
  fee: number;
  venue: string;
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom('open', 'fund', 'fund', 'place', 'place', 'place', 'capture', 'capture', 'release', 'fee'),
  account: fc.constantFrom('a', 'a', 'a', 'b'),
  asset: fc.constantFrom(ASSETS[0]!, ASSETS[0]!, ASSETS[1]!),
  id: fc.constantFrom('1', '2', '3', '4', '5'),
  amount: fc.integer({ min: 0, max: 6 }),
  fee: fc.integer({ min: 0, max: 2 }),
  venue: fc.constantFrom('gateio', 'gateio', 'gateio', 'bybit'),
});

/** The ledger once more, without the Book, on whole numbers and a log of what succeeded: balances are always recounted from it. */
class NaiveLedger {
  private readonly log: { step: Step; said: string }[] = [];

  apply(step: Step): string {
    const said = this.judge(step);
    this.log.push({ step, said });
    return said;
  }

  posted(account: string, asset: Asset): number {
    return this.done('fund', account, asset, (s) => s.amount) - this.done('capture', account, asset, (s) => s.amount + s.fee);
  }

  held(account: string, asset: Asset): number {
    const open = (s: Step) => !this.find('capture', s.id) && !this.find('release', s.id);
    return this.done('place', account, asset, (s) => (open(s) ? s.amount : 0));
  }

  private judge(s: Step): string {
    const open = this.find('open', undefined, s.account);
    if (s.do === 'open') return open ? 'again' : 'ok';
    if (s.do === 'fund') return this.judgeFunding(s, open);
    if (s.do === 'place') return this.judgeHold(s, open);

    const placed = this.find('place', s.id);
    const captured = this.find('capture', s.id);
    if (!placed) return 'hold_not_found';
    if (placed.account !== s.account || (s.do === 'capture' && placed.asset !== s.asset)) return 'hold_mismatch';
    if (s.do === 'release') return captured ? 'already_captured' : this.find('release', s.id) ? 'again' : 'ok';
    if (s.do === 'fee') return this.judgeFee(s, captured);
    if (captured) return captured.amount === s.amount && captured.fee === s.fee && captured.venue === s.venue ? 'again' : 'already_captured';
    if (this.find('release', s.id)) return 'already_released';
    if (s.amount === 0) return 'amount_not_positive';
    return s.amount + s.fee > placed.amount ? 'exceeds_hold' : 'ok';
  }

  private judgeFunding(s: Step, open: Step | undefined): string {
    const first = this.find('fund', s.id, s.account);
    if (first) return first.amount === s.amount && first.asset === s.asset ? 'again' : 'reference_reused';
    if (s.amount === 0) return 'amount_not_positive';
    return open ? 'ok' : 'account_not_found';
  }

  private judgeHold(s: Step, open: Step | undefined): string {
    const first = this.log.find(({ step }) => step.do === 'place' && step.id === s.id);
    if (first && (first.step.account !== s.account || first.step.asset !== s.asset || first.step.amount !== s.amount)) return 'withdrawal_id_reused';
    if (first) return first.said === 'ok' ? 'again' : first.said;
    if (s.amount === 0) return 'amount_not_positive';
    if (!open) return 'account_not_found';
    return this.posted(s.account, s.asset) - this.held(s.account, s.asset) < s.amount ? 'insufficient_funds' : 'ok';
  }

  private judgeFee(s: Step, captured: Step | undefined): string {
    const first = this.find('fee', s.id);
    if (first) return first.amount === s.amount && first.asset === s.asset && first.venue === s.venue ? 'again' : 'venue_fee_reused';
    if (!captured) return 'hold_not_captured';
    if (captured.venue !== s.venue) return 'venue_mismatch';
    return s.amount === 0 ? 'amount_not_positive' : 'ok';
  }

  private find(what: Step['do'], id?: string, account?: string): Step | undefined {
    return this.log.find(
      ({ step, said }) =>
        step.do === what && said === 'ok' && (id === undefined || step.id === id) && (account === undefined || step.account === account),
    )?.step;
  }

  private done(what: Step['do'], account: string, asset: Asset, value: (step: Step) => number): number {
    return this.log
      .filter(({ step, said }) => step.do === what && said === 'ok' && step.account === account && step.asset === asset)
      .reduce((sum, { step }) => sum + value(step), 0);
  }
}

/** The real one, told in the same steps. Replays are told apart by the entries and holds they must not make. */
function realLedger() {
  const book = new Book({ accounts: [], balances: [], holds: [], fundings: [], venueFees: [] });
  let entries = 0;
  const newId = () => `entry-${(entries += 1)}`;
  const run = (s: Step) => {
    const [amount, fee] = [Amount.of(String(s.amount), s.asset), Amount.of(String(s.fee), s.asset)];
    const [accountId, withdrawalId] = [s.account, s.id];
    switch (s.do) {
      case 'open':
        return openAccount(book, { accountId, name: 'x' }, AT);
      case 'fund':
        return fundAccount(book, { accountId, amount, reference: s.id }, AT, newId);
      case 'place':
        return placeHold(book, { withdrawalId, accountId, amount }, AT);
      case 'capture':
        return captureHold(book, { withdrawalId, accountId, amount, fee, venue: s.venue }, AT, newId);
      case 'release':
        return releaseHold(book, { withdrawalId, accountId, reason: 'r' }, AT);
      case 'fee':
        return recordVenueFee(book, { withdrawalId, accountId, venue: s.venue, amount }, AT, newId);
    }
  };
  const picture = () => JSON.stringify([book.changes(), ACCOUNTS.map((account) => ASSETS.map((asset) => book.balance(account, asset)))]);
  return { book, run, picture };
}

const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 60 });

describe('any sequence of commands', () => {
  it('gives the answers and the balances of a naive ledger that recounts everything, and keeps 0 <= held <= posted at each step', () =>
    fc.assert(
      fc.property(anySteps, (steps) => {
        const [real, naive] = [realLedger(), new NaiveLedger()];
        for (const step of steps) {
          const result = real.run(step);
          const expected = naive.apply(step);
          expect(result.ok ? 'ok' : result.refusal.kind).toBe(expected === 'again' ? 'ok' : expected);
          const { posted, held } = real.book.balance(step.account, step.asset);
          expect([held.isNegative(), posted.lessThan(held)]).toEqual([false, false]);
        }
        for (const account of ACCOUNTS) {
          for (const asset of ASSETS) {
            const { posted, held } = real.book.balance(account, asset);
            expect([posted.toString(), held.toString()]).toEqual([String(naive.posted(account, asset)), String(naive.held(account, asset))]);
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
            .filter((posting) => posting.amount.asset === asset && (account === undefined || posting.account === account))
            .reduce((total, posting) => total.plus(posting.amount), Amount.zero(asset))
            .toString();
        for (const asset of ASSETS) {
          expect(sum(asset)).toBe('0');
          for (const account of ACCOUNTS) expect(sum(asset, customerAccount(account))).toBe(book.balance(account, asset).posted.toString());
        }
      }),
    ));

  it('is not changed by repeating what was already answered', () =>
    fc.assert(
      fc.property(anySteps, fc.array(fc.nat(59), { maxLength: 20 }), (steps, repeats) => {
        const { run, picture } = realLedger();
        const answers = steps.map(run);
        const before = picture();
        // A refused funding or capture is no outcome yet: it may succeed later. Only what was done, and a refused hold, is answered for ever.
        const settled = repeats.filter((index) => answers[index]?.ok || (steps[index]?.do === 'place' && answers[index]));
        const again = settled.map((index) => run(steps[index]!));
        expect(picture()).toBe(before);
        again.forEach((result, n) => expect(result.ok).toBe(answers[settled[n]!]?.ok));
      }),
    ));
});
