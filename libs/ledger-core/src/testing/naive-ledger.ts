import { assetOf, type Asset } from '@sluice/kernel';

/** Command in the naive ledger's terms; each kind uses only its fields. */
export interface LedgerStep {
  do:
    | 'open'
    | 'freeze'
    | 'unfreeze'
    | 'fund'
    | 'transfer'
    | 'place'
    | 'start'
    | 'capture'
    | 'release'
    | 'expire'
    | 'fee'
    | 'return'
    | 'gas'
    | 'topup'
    | 'reverse';
  /** Account of the step; `house account` for gas and top-ups. */
  account: string;
  /** Asset of the step; for gas and top-ups a coin or a token of a single network. */
  asset: Asset;
  id: string;
  amount: number;
  fee: number;
  /** The venue's fee of a capture; 0 for none. */
  venueFee: number;
  venue: string;
  /** In how many steps the hold is due; 0 for never. */
  due: number;
  name: string;
  /** Source and destination: the step's customer, another customer, or a shared account. */
  from: Party;
  to: Party;
  /** Number of the reversed entry, counted from 1. */
  entry: number;
  /** Reversed lines of a capture: of the venue's fee, or the others. */
  lines: 'venue_fee' | null;
  /** Reference of a recorded venue fee. */
  correction: string | null;
  /** Wallet charged with the gas. */
  wallet: 'hot' | 'tank';
}

export type Party =
  | 'customer'
  | 'another'
  | 'suspense'
  | 'fee-income'
  | 'clearing:venue-a'
  | 'funding'
  | 'venue-fee:venue-a';

/** Result of a step: done, repeated, or the name of the refusal. */
export interface NaiveVerdict {
  readonly said: string;
  /** Available amount if insufficient; otherwise null. */
  readonly available: number | null;
  /** True for a capture with the venue's fee, if this fee is booked. */
  readonly hasFee: boolean;
}

interface Logged extends Omit<NaiveVerdict, 'hasFee'> {
  readonly step: LedgerStep;
  readonly at: number;
}

export const NATIVE = assetOf('ETH', 'ETH');
const WRITES = ['fund', 'transfer', 'capture', 'fee', 'return', 'gas', 'topup', 'reverse'];
/** Ceiling for generated amounts of gas and top-ups; larger amounts are not booked. */
const MOST_GAS = 2;
const MOVABLE: readonly Party[] = ['customer', 'suspense', 'fee-income', 'clearing:venue-a'];

/** Reference ledger without the Book, on integers, recomputed from a log of the steps. */
export class NaiveLedger {
  private readonly log: Logged[] = [];
  private steps = 0;

  apply(step: LedgerStep): NaiveVerdict {
    const said = this.judge(step);
    const verdict = {
      said,
      available: said === 'insufficient_funds' ? this.availableAtFirst(step) : null,
    };
    this.log.push({ step, at: this.steps++, ...verdict });
    return { ...verdict, hasFee: this.takesFee(step, said) };
  }

  placed(id: string): LedgerStep | undefined {
    return this.find('place', id);
  }

  posted(account: string, asset: Asset): number {
    return this.entries().reduce((sum, { step }) => sum + this.effect(step, account, asset), 0);
  }

  held(account: string, asset: Asset): number {
    const open = this.log.filter(
      ({ step, said }) => step.do === 'place' && said === 'ok' && !this.ended(step.id),
    );
    return open
      .filter(({ step }) => step.account === account && step.asset === asset)
      .reduce((sum, { step }) => sum + step.amount, 0);
  }

  /** A first capture books the fee; a repeated one only finds it. */
  private takesFee(s: LedgerStep, said: string): boolean {
    if (s.do !== 'capture' || s.venueFee === 0) return false;
    const step: LedgerStep = { ...s, do: 'fee', amount: s.venueFee, correction: null };
    return said === 'ok' || (said === 'again' && this.judge(step) === 'again');
  }

  private judge(s: LedgerStep): string {
    const open = this.find('open', undefined, s.account);
    switch (s.do) {
      case 'open':
        if (!open) return 'ok';
        return open.name === s.name ? 'again' : 'account_id_reused';
      case 'freeze':
        return this.find('freeze', s.id, s.account) ? 'again' : open ? 'ok' : 'account_not_found';
      case 'unfreeze':
        if (!this.find('freeze', s.id, s.account)) return 'freeze_not_found';
        return this.find('unfreeze', s.id, s.account) ? 'again' : 'ok';
      case 'fund':
        return this.judgeFunding(s, open);
      case 'transfer':
        return this.judgeTransfer(s, open);
      case 'place':
        return this.judgeHold(s, open);
      case 'gas':
      case 'topup':
        return this.judgeGas(s);
      case 'reverse':
        return this.judgeReversal(s);
      default:
        return this.judgeOfHold(s);
    }
  }

  private judgeFunding(s: LedgerStep, open: LedgerStep | undefined): string {
    const first = this.find('fund', s.id, s.account);
    if (first)
      return first.amount === s.amount && first.asset === s.asset ? 'again' : 'reference_reused';
    if (s.amount === 0) return 'amount_not_positive';
    return open ? 'ok' : 'account_not_found';
  }

  private judgeTransfer(s: LedgerStep, open: LedgerStep | undefined): string {
    const first = this.find('transfer', s.id, s.account);
    if (first)
      return first.amount === s.amount &&
        first.asset === s.asset &&
        first.from === s.from &&
        first.to === s.to
        ? 'again'
        : 'reference_reused';
    if (s.amount === 0) return 'amount_not_positive';
    if (s.from === s.to || !MOVABLE.includes(s.from) || !MOVABLE.includes(s.to))
      return 'not_transferable';
    if (!open) return 'account_not_found';
    if (s.from !== 'customer') return 'ok';
    if (this.frozen(s.account)) return 'account_frozen';
    return this.available(s.account, s.asset) < s.amount ? 'insufficient_funds' : 'ok';
  }

  private judgeHold(s: LedgerStep, open: LedgerStep | undefined): string {
    const first = this.log.find(({ step }) => step.do === 'place' && step.id === s.id);
    if (
      first &&
      (first.step.account !== s.account ||
        first.step.asset !== s.asset ||
        first.step.amount !== s.amount)
    )
      return 'withdrawal_id_reused';
    if (first) return first.said === 'ok' ? 'again' : first.said;
    if (s.amount === 0) return 'amount_not_positive';
    if (!open) return 'account_not_found';
    if (this.frozen(s.account)) return 'account_frozen';
    return this.available(s.account, s.asset) < s.amount ? 'insufficient_funds' : 'ok';
  }

  private judgeGas(s: LedgerStep): string {
    const first = this.find(s.do, s.id);
    if (first)
      return first.amount === s.amount &&
        first.asset === s.asset &&
        (s.do === 'topup' || first.wallet === s.wallet)
        ? 'again'
        : 'reference_reused';
    if (s.amount === 0) return 'amount_not_positive';
    if (s.asset !== NATIVE) return 'not_native';
    return s.amount > MOST_GAS ? 'above_ceiling' : 'ok';
  }

  private judgeReversal(s: LedgerStep): string {
    const target = this.entries()[s.entry - 1]?.step;
    if (!target) return 'entry_not_found';
    if (target.account !== s.account) return 'entry_mismatch';
    if (this.isReversed(s.entry, s.lines)) return 'again';
    if (target.do === 'reverse') return 'not_reversible';
    if (s.lines !== null)
      return target.do === 'capture' && target.venueFee > 0 ? 'ok' : 'not_reversible';
    if (this.isReturned(target)) return 'not_reversible';
    const gain = this.effect(target, target.account, target.asset);
    return gain > 0 && this.available(target.account, target.asset) < gain
      ? 'insufficient_funds'
      : 'ok';
  }

  private judgeOfHold(s: LedgerStep): string {
    const placed = this.find('place', s.id);
    if (!placed) return 'hold_not_found';
    if (
      placed.account !== s.account ||
      ((s.do === 'capture' || s.do === 'return') && placed.asset !== s.asset)
    )
      return 'hold_mismatch';
    if (s.do === 'fee') return this.judgeFee(s);
    if (s.do === 'return') return this.judgeReturn(s);
    const captured = this.find('capture', s.id);
    if (s.do === 'capture' && captured) {
      return captured.amount === s.amount && captured.fee === s.fee && captured.venue === s.venue
        ? 'again'
        : 'already_captured';
    }
    if (this.find(s.do, s.id)) return 'again';
    const ended = this.ended(s.id);
    if (ended) return ended;
    if (s.do === 'expire') return this.judgeExpiry(s.id);
    if (s.do !== 'capture') return 'ok';
    if (s.amount === 0) return 'amount_not_positive';
    return s.amount + s.fee > placed.amount ? 'exceeds_hold' : 'ok';
  }

  private judgeExpiry(id: string): string {
    const placed = this.log.find(
      ({ step, said }) => step.do === 'place' && said === 'ok' && step.id === id,
    )!;
    if (placed.step.due === 0 || this.find('start', id)) return 'not_expirable';
    return this.steps < placed.at + placed.step.due ? 'not_due' : 'ok';
  }

  private judgeFee(s: LedgerStep): string {
    const captured = this.find('capture', s.id);
    const fees = this.entries().flatMap(({ step }, index): LedgerStep[] => {
      const entry = index + 1;
      if (step.id !== s.id) return [];
      if (step.do === 'fee') return [{ ...step, entry, lines: null }];
      const ofCapture = { amount: step.venueFee, correction: null, lines: 'venue_fee' } as const;
      return step.do === 'capture' && step.venueFee > 0 ? [{ ...step, entry, ...ofCapture }] : [];
    });
    const first = fees.find((fee) => fee.correction === s.correction);
    if (first)
      return first.amount === s.amount && first.asset === s.asset && first.venue === s.venue
        ? 'again'
        : 'venue_fee_reused';
    if (fees.some((fee) => !this.isReversed(fee.entry, fee.lines))) return 'venue_fee_reused';
    if (!captured) return 'hold_not_captured';
    if (captured.venue !== s.venue) return 'venue_mismatch';
    return s.amount === 0 ? 'amount_not_positive' : 'ok';
  }

  private judgeReturn(s: LedgerStep): string {
    const first = this.find('return', s.id);
    if (first)
      return first.amount === s.amount && first.venue === s.venue ? 'again' : 'already_returned';
    const captured = this.find('capture', s.id);
    if (!captured) return 'hold_not_captured';
    if (captured.venue !== s.venue) return 'venue_mismatch';
    if (s.amount === 0) return 'amount_not_positive';
    if (s.amount > captured.amount) return 'exceeds_payment';
    return this.isReversed(this.numberOf('capture', s.id)) ? 'capture_reversed' : 'ok';
  }

  private isReturned({ do: what, id }: LedgerStep): boolean {
    const number = this.numberOf('return', id);
    return what === 'capture' && number > 0 && !this.isReversed(number);
  }

  /** Number of the entry of a step; 0 without an entry. */
  private numberOf(what: LedgerStep['do'], id: string): number {
    return this.entries().findIndex(({ step }) => step.do === what && step.id === id) + 1;
  }

  private isReversed(entry: number, lines: LedgerStep['lines'] = null): boolean {
    return this.entries().some(
      ({ step }) => step.do === 'reverse' && step.entry === entry && step.lines === lines,
    );
  }

  private ended(id: string): string | undefined {
    const words = {
      capture: 'already_captured',
      release: 'already_released',
      expire: 'already_expired',
    } as const;
    return (['capture', 'release', 'expire'] as const)
      .filter((end) => this.find(end, id))
      .map((end) => words[end])[0];
  }

  private frozen(account: string): boolean {
    const freezes = this.log.filter(
      ({ step, said }) => step.do === 'freeze' && said === 'ok' && step.account === account,
    );
    return freezes.some(({ step }) => !this.find('unfreeze', step.id, account));
  }

  /** A refused hold stays refused forever, with the amount available at the first attempt. */
  private availableAtFirst(s: LedgerStep): number {
    const first =
      s.do === 'place'
        ? this.log.find(({ step }) => step.do === 'place' && step.id === s.id)
        : undefined;
    return first?.available ?? this.available(s.account, s.asset);
  }

  private available(account: string, asset: Asset): number {
    return this.posted(account, asset) - this.held(account, asset);
  }

  /** Amount posted to a customer by the entry of a successful step. */
  private effect(s: LedgerStep, account: string, asset: Asset): number {
    if (s.do === 'reverse' && s.lines !== null) return 0;
    if (s.do === 'reverse') return -this.effect(this.entries()[s.entry - 1]!.step, account, asset);
    if (s.account !== account || s.asset !== asset || s.do === 'fee') return 0;
    if (s.do === 'capture') return -s.amount - s.fee;
    if (s.do !== 'transfer') return s.amount;
    return s.from === 'customer' ? -s.amount : s.to === 'customer' ? s.amount : 0;
  }

  private entries(): readonly Logged[] {
    return this.log.filter(({ step, said }) => said === 'ok' && WRITES.includes(step.do));
  }

  private find(what: LedgerStep['do'], id?: string, account?: string): LedgerStep | undefined {
    return this.log.find(
      ({ step, said }) =>
        step.do === what &&
        said === 'ok' &&
        (id === undefined || step.id === id) &&
        (account === undefined || step.account === account),
    )?.step;
  }
}
