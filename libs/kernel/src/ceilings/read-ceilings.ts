import { Amount, isDecimalText } from '../money/amount.js';
import { BUILT_IN_CEILINGS } from './built-in-ceilings.js';
import { CEILING_SPANS, type CeilingSpan, type LoweredCeilings } from './ceiling.js';

/**
 * Reads CEILINGS: `{"USDT": {"call": "1000", "day": "50000"}}`. Throws an error with the expected
 * value, also for a ceiling above the built-in ceiling.
 */
export function readCeilings(value: unknown): LoweredCeilings {
  if (!isRecord(value)) throw new Error('must be a JSON object of currency → {call, hour, day}');
  for (const [currency, ceiling] of Object.entries(value)) {
    const builtIn = BUILT_IN_CEILINGS[currency];
    if (builtIn === undefined)
      throw new Error(`${currency}: must be one of ${Object.keys(BUILT_IN_CEILINGS).join(', ')}`);
    if (!isRecord(ceiling))
      throw new Error(`${currency}: must be {"call": "…", "hour": "…", "day": "…"}`);
    for (const [span, amount] of Object.entries(ceiling))
      requireLower(`${currency}.${span}`, amount, builtIn[span as CeilingSpan]);
  }
  return value as LoweredCeilings;
}

function requireLower(name: string, amount: unknown, builtIn: string | undefined): void {
  if (builtIn === undefined) throw new Error(`${name}: must be one of ${CEILING_SPANS.join(', ')}`);
  if (typeof amount !== 'string' || !isDecimalText(amount))
    throw new Error(`${name}: must be a decimal amount as text`);
  const of = (text: string) => Amount.of(text, 'ANY.-');
  if (of(builtIn).lessThan(of(amount)))
    throw new Error(
      `${name}: must be at most ${builtIn}: a ceiling is made lower by a setting, and higher by a release alone`,
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
