import { Amount } from '@sluice/money';

/** What an account pays for one currency on one network. Percent and flat add up; both on top of the amount. */
export interface FeeSchedule {
  /** Percent of the amount, as decimal text, e.g. `0.5`. */
  readonly percent: string;
  readonly flat: string;
  readonly decimals: number;
}

/** `amount * percent / 100 + flat`, exact, rounded up to the currency's decimals. */
export function feeOf(amount: Amount, schedule: FeeSchedule): Amount {
  return amount
    .percent(schedule.percent)
    .plus(Amount.of(schedule.flat, amount.asset))
    .roundedUp(schedule.decimals);
}
