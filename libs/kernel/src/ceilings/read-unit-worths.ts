import { Amount, isDecimalText } from '../money/amount.js';
import { hasBuiltInCeiling } from './ceiling-of.js';
import { hasBuiltInGasCeiling } from './gas-ceilings.js';
import type { UnitWorths } from './unit-worths.js';

const CURRENCY = /^[A-Z0-9]{1,32}$/;

/**
 * Reads UNIT_WORTH_EUR: `{"POL": "0.25"}`. Throws an error with the expected value, also for a
 * currency with built-in ceilings.
 */
export function readUnitWorths(value: unknown): UnitWorths {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('must be a JSON object of currency → EUR');
  for (const [currency, worth] of Object.entries(value as Readonly<Record<string, unknown>>)) {
    if (!CURRENCY.test(currency)) throw new Error(`${currency} must be a currency`);
    if (typeof worth !== 'string' || !isDecimalText(worth) || !isPositive(worth))
      throw new Error(`${currency} must be EUR above zero as decimal text`);
    if (hasBuiltInCeiling(currency) && hasBuiltInGasCeiling(currency))
      throw new Error(`${currency} must not be there: a release has its ceilings`);
  }
  return value as UnitWorths;
}

function isPositive(worth: string): boolean {
  return Amount.of(worth, 'EUR.-').isPositive();
}
