import { Injectable } from '@nestjs/common';
import { worthInEur } from '@sluice/ceilings';
import type { FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import { Amount } from '@sluice/money';
import type { Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { InjectCapabilities } from '../tokens.js';
import { COUNTED_EXPOSURE, LOCK_EXPOSURE } from './refusal-sql.js';
import { withinExposure } from './within-exposure.js';

type Payable = Pick<VenueCapabilities, 'forms' | 'added'>;

interface Wanted {
  readonly withdrawalId: string;
  /** What the request asked the venue to take. */
  readonly gross: Amount;
}

/** How much may be released by one look-up after a refusal: the sum is kept in the database, for all instances of the connector. */
@Injectable()
export class FastFailover {
  constructor(
    @InjectCapabilities() private readonly venue: Payable,
    @InjectConfig() private readonly options: { readonly fastFailoverExposureEur: number },
  ) {}

  /**
   * Those that may be released within the exposure, with their worth in EUR. The transaction holds the lock of the exposure until its end,
   * so what it then stores is what the next one counts.
   */
  async permitted(tx: Tx, wanted: readonly Wanted[]): Promise<ReadonlyMap<string, Amount>> {
    const { fastFailoverExposureEur: limit } = this.options;
    if (limit === 0 || wanted.length === 0) return new Map();
    await tx.query(LOCK_EXPOSURE, []);
    const [row] = await tx.query<{ eur: string }>(COUNTED_EXPOSURE, [this.boundMs()]);
    if (!row) throw new Error('the exposure of fast fail-over could not be counted');
    const stated = new Map((this.venue.added ?? []).map((one) => [one.asset, one.unitWorthEur]));
    const releases = wanted.map(({ withdrawalId, gross }) => ({
      withdrawalId,
      worthEur: worthInEur(gross, stated.get(gross.asset) ?? null),
    }));
    return withinExposure(eur(String(limit)), eur(row.eur), releases);
  }

  /** So long a lost answer of any form would wait for its absence proof. */
  private boundMs(): number {
    return Math.max(0, ...this.venue.forms.map(absenceMs));
  }
}

function absenceMs({ absence, honoured }: FormCapabilities): number {
  return Math.max(absence.afterMs, honoured?.forMs ?? 0);
}

function eur(value: string): Amount {
  return Amount.of(value, 'EUR.-');
}
