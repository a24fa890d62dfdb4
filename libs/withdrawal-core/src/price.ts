import { Amount } from '@sluice/kernel';

/**
 * Fee of an account per currency and network. Percent and flat fee add up; both are charged on top
 * of the amount.
 */
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
