import { Injectable } from '@nestjs/common';
import type { BackgroundLoop, Logger } from '@sluice/runtime';
import { formNamed, type VenueCancelOutcome, type VenueAdapter } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { NO_WAY_TO_CANCEL } from '../commands/cancel-handler.js';
import { SubmissionLoops } from '../loops/submission-loops.js';
import { InjectVenueAdapter } from '../tokens/tokens.js';
import { EventWriter, TRACE_COLUMNS, type Trace } from '../wire/event-writer.js';
import type { WorkerLease } from '../loops/worker-lease.js';

const REST_MS = 500;
const AT_ONCE = 20;

interface Wished extends Trace {
  readonly venue_reference: string;
  readonly form: string;
}

/**
 * Requests the venue to cancel accepted submissions. The venue's answer only confirms receipt: the
 * final status of the venue record decides.
 */
@Injectable()
export class Canceller {
  readonly loop: BackgroundLoop;

  constructor(
    @InjectVenueAdapter() private readonly adapter: VenueAdapter,
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    loops: SubmissionLoops,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.loop = loops.whileDue(
      { name: 'canceller', lease: 'canceller', work: 'cancels', idleMs: REST_MS },
      (lease) => this.step(lease),
    );
  }

  private async step(lease: WorkerLease): Promise<number> {
    const rows = await this.unitOfWork.database.query<Wished>(WISHED, [AT_ONCE]);
    if (rows.length === 0 || !(await lease.held())) return REST_MS;
    let restMs = REST_MS;
    for (const row of rows) {
      const outcome = await this.ask(row);
      await this.store(row, outcome);
      if (outcome.kind === 'unknown') restMs = Math.max(restMs, outcome.retryAfterMs);
    }
    return restMs;
  }

  /**
   * A cancel request received before the outcome may concern a form without cancellation after
   * acceptance.
   */
  private async ask({
    form,
    venue_reference: venueReference,
  }: Wished): Promise<VenueCancelOutcome> {
    const { adapter } = this;
    if (!adapter.cancel || !formNamed(adapter.capabilities, form).cancellable)
      return { kind: 'refused', message: NO_WAY_TO_CANCEL };
    return adapter.cancel(venueReference);
  }

  private async store(row: Wished, outcome: VenueCancelOutcome): Promise<void> {
    this.logger.info(
      { withdrawalId: row.withdrawal_id, outcome: outcome.kind },
      'the cancellation of an order was requested from the venue',
    );
    if (outcome.kind === 'unknown') return; // asking again does no harm
    await this.unitOfWork.run(async (tx) => {
      const noted = await tx.query(NOTE, [
        row.withdrawal_id,
        outcome.kind === 'requested' ? 'asked' : 'refused',
      ]);
      if (noted.length > 0 && outcome.kind === 'refused')
        tx.publish(this.events.cancelRefused(row, outcome.message));
    });
  }
}

const WISHED = `SELECT ${TRACE_COLUMNS}, s.venue_reference, s.form FROM submission s WHERE s.cancel_state = 'wished' AND s.state = 'accepted' ORDER BY s.seq LIMIT $1`;

const NOTE = `
  UPDATE submission SET cancel_state = $2, next_action_at = clock_timestamp()
   WHERE withdrawal_id = $1 AND cancel_state = 'wished' AND state = 'accepted' RETURNING withdrawal_id`;
