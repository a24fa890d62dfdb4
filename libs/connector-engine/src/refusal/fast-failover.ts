import { Injectable } from '@nestjs/common';
import { Amount } from '@sluice/kernel';
import type { FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';
import type { Tx } from '@sluice/postgres';
import { InjectConfig } from '@sluice/service-shell';
import { eurWorth } from '../ceilings/eur-worth.js';
import { InjectCapabilities } from '../tokens/tokens.js';
import { COUNTED_EXPOSURE, LOCK_EXPOSURE } from './refusal-sql.js';
import { withinExposure } from './within-exposure.js';

type Payable = Pick<VenueCapabilities, 'forms' | 'added'>;

interface WantedFailover {
  readonly withdrawalId: string;
  /** Gross amount requested from the venue. */
  readonly gross: Amount;
}

/**
 * Limits the amount released by a single look-up after a refusal. The sum is kept in the database,
 * for all instances of the connector.
 */
@Injectable()
export class FastFailover {
  constructor(
    @InjectCapabilities() private readonly venue: Payable,
    @InjectConfig() private readonly options: { readonly fastFailoverExposureEur: number },
  ) {}

  /**
   * Returns the releases permitted within the exposure, with their value in EUR. The transaction
   * holds the exposure lock until the end, and the next transaction counts the amounts stored by
   * this transaction.
   */
  async permitted(tx: Tx, wanted: readonly WantedFailover[]): Promise<ReadonlyMap<string, Amount>> {
    const { fastFailoverExposureEur: limit } = this.options;
    if (limit === 0 || wanted.length === 0) return new Map();
    await tx.query(LOCK_EXPOSURE, []);
    const [row] = await tx.query<{ eur: string }>(COUNTED_EXPOSURE, [this.boundMs()]);
    if (!row) throw new Error('the exposure of fast fail-over could not be counted');
    const releases = wanted.map(({ withdrawalId, gross }) => ({
      withdrawalId,
      worthEur: eurWorth(this.venue, gross),
    }));
    return withinExposure(eur(String(limit)), eur(row.eur), releases);
  }

  /** Longest wait of a lost answer for the absence proof, over all forms, in milliseconds. */
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
