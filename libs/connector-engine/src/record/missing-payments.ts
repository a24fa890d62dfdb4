import { Injectable } from '@nestjs/common';
import type { Logger } from '@sluice/runtime';
import type { VenueSpan } from '@sluice/connector-rules';
import { destinationKey, destinationOf, type WireDestination } from '@sluice/kernel';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { openBreaks } from '../breaks/open-breaks.js';

interface Settled {
  withdrawal_id: string;
  venue_reference: string;
  destination: WireDestination;
}

/** A period of the venue's records, read completely. */
interface ReadSpan extends VenueSpan {
  readonly forms: readonly string[];
  readonly references: ReadonlySet<string>;
  /** Recipients covered by the reading, if the venue lists records per recipient. */
  readonly destinations?: readonly string[];
}

/**
 * Finds settled submissions absent from the venue's records: the records have changed since, or
 * never contained the payment.
 */
@Injectable()
export class MissingPayments {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  async find({ forms, from, to, references, destinations }: ReadSpan): Promise<void> {
    await this.unitOfWork.run(async (tx) => {
      const settled = await tx.query<Settled>(SETTLED, [forms, from, to]);
      const missing = settled.filter(
        ({ venue_reference: reference, destination }) =>
          !references.has(reference) &&
          (destinations === undefined ||
            destinations.includes(destinationKey(destinationOf(destination)))),
      );
      await openBreaks(
        tx,
        this.logger,
        missing.map(({ withdrawal_id: withdrawalId, venue_reference: reference }) => ({
          kind: 'missing',
          subject: `${withdrawalId} ${reference}`,
          withdrawalId,
          details: `it is settled here as ${reference}, and the record of the venue does not show that`,
        })),
      );
    });
  }
}

// Selects by request time, with a BRIN index: our clock and the venue's clock differ by seconds at
// most. A record may be younger than the request by the time for which the venue may act on the
// request. At the edges of the reading no payment counts as missing.
const SETTLED = `
  SELECT s.withdrawal_id, s.venue_reference, s.destination
    FROM attempt a JOIN submission s USING (withdrawal_id)
   WHERE a.intended_at BETWEEN $2::timestamptz - interval '1 minute' AND $3::timestamptz + interval '1 minute'
     AND s.form = ANY ($1) AND s.state = 'settled' AND s.finished_at < clock_timestamp() - interval '1 second'
     AND s.venue_time > $2::timestamptz + interval '2 seconds' AND s.last_venue_time < $3::timestamptz - interval '2 minutes'
   GROUP BY s.withdrawal_id`;
