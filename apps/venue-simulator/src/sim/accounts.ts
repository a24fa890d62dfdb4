import { Amount, assetOf } from '@sluice/kernel';
import type { SimulatedFact, FactKeeper } from './facts.js';
import type { PaymentBook } from './payment-book.js';

/** Balance per currency: payments are deducted, failed ones refunded. */
export class Accounts implements FactKeeper {
  private readonly available = new Map<string, Amount>();

  constructor(
    private readonly book: PaymentBook,
    private readonly opening: Readonly<Record<string, string>>,
  ) {
    this.set(opening);
  }

  apply(fact: SimulatedFact): void {
    if (fact.t === 'payment')
      this.add(
        fact.payment.currency,
        amountOf(fact.payment.amount, fact.payment.currency).negated(),
      );
    else if (fact.t === 'settings') this.settle(fact.at, fact.patch['balances']);
    else if (fact.t === 'reset') {
      this.available.clear();
      this.set(this.opening);
    }
  }

  of(currency: string, now: number): Amount {
    this.creditReturned(now);
    return this.available.get(currency) ?? amountOf('0', currency);
  }

  currencies(): string[] {
    return [...this.available.keys()];
  }

  private settle(now: number, balances: unknown): void {
    this.creditReturned(now);
    if (balances) this.set(balances as Record<string, string>);
  }

  private creditReturned(now: number): void {
    for (const { currency, amount } of this.book.takeReturned(now))
      this.add(currency, amountOf(amount, currency));
  }

  private set(balances: Readonly<Record<string, string>>): void {
    for (const [currency, balance] of Object.entries(balances))
      this.available.set(currency, amountOf(balance, currency));
  }

  private add(currency: string, amount: Amount): void {
    this.available.set(
      currency,
      (this.available.get(currency) ?? amountOf('0', currency)).plus(amount),
    );
  }
}

/** Amount in a venue's single balance per currency. */
export function amountOf(text: string, currency: string): Amount {
  return Amount.of(text, assetOf(currency, 'VENUE'));
}
