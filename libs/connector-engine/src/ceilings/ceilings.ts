import { Amount, currencyOf, isDecimalText, type Asset } from '@sluice/money';
import type { VenueCapabilities } from '@sluice/connector-rules';
import type { Database } from '@sluice/postgres';
import { BUILT_IN_CEILINGS } from './built-in-ceilings.js';

const SPANS = ['call', 'hour', 'day'] as const;
export type CeilingSpan = (typeof SPANS)[number];
/** Decimal text for each. */
export type Ceiling = Readonly<Record<CeilingSpan, string>>;
/** By currency; what is not named is as it is built in. */
export type LoweredCeilings = Readonly<Record<string, Partial<Ceiling>>>;

/** Reads CEILINGS: `{"USDT": {"call": "1000", "day": "50000"}}`. Throws with what was expected, also for one above what is built in. */
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
  if (builtIn === undefined) throw new Error(`${name}: must be one of ${SPANS.join(', ')}`);
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

/** What this connector sends at most of each asset that its venue pays. */
export class Ceilings {
  readonly byAsset: Readonly<Record<Asset, Ceiling>>;

  /** Throws for an asset without a built-in ceiling: a release that pays it has to name one. */
  constructor({ forms }: Pick<VenueCapabilities, 'forms'>, lowered: LoweredCeilings) {
    const assets = new Set(forms.flatMap((form) => form.assets));
    this.byAsset = Object.fromEntries(
      [...assets].map((asset) => {
        const builtIn = BUILT_IN_CEILINGS[currencyOf(asset)];
        if (!builtIn)
          throw new Error(`there is no ceiling for ${asset}: nothing of it is ever sent`);
        return [asset, { ...builtIn, ...lowered[currencyOf(asset)] }];
      }),
    );
  }

  /** The counters of all instances; one that is there stays as it is. */
  async install(database: Pick<Database, 'query'>): Promise<void> {
    await database.query(
      'INSERT INTO sent_total (asset) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING',
      [Object.keys(this.byAsset)],
    );
  }
}
