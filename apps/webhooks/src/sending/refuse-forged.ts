import type { UnitOfWork } from '@sluice/postgres';
import { Counter } from 'prom-client';
import type { ClaimedDelivery } from './claim-deliveries.js';

const forged = new Counter({
  name: 'sluice_forged_deliveries_total',
  help: 'Deliveries without a valid seal, which are not sent. A value above 0 is an incident: a row was written outside the service',
});

/**
 * Ends claimed deliveries without sending, with `forged_delivery` in the log of attempts. A single
 * statement ends all. The health of the webhooks stays: no receiver was called.
 */
export async function refuseForged(
  unitOfWork: Pick<UnitOfWork, 'run'>,
  deliveries: readonly Pick<ClaimedDelivery, 'id' | 'attemptId'>[],
): Promise<void> {
  if (deliveries.length === 0) return;
  forged.inc(deliveries.length);
  const given = [deliveries.map(({ id }) => id), deliveries.map(({ attemptId }) => attemptId)];
  await unitOfWork.run((tx) => tx.query(REFUSE, given));
}

const REFUSE = `
  WITH held AS MATERIALIZED (
         SELECT d.id, d.attempt_id, d.begun_at FROM delivery d
           JOIN unnest($1::bigint[], $2::bigint[]) AS f (id, attempt_id) ON f.id = d.id AND f.attempt_id = d.attempt_id
          ORDER BY d.id FOR UPDATE OF d),
       logged AS (
         INSERT INTO delivery_attempt (id, delivery_id, started_at, error)
         SELECT attempt_id, id, begun_at, 'forged_delivery' FROM held)
  UPDATE delivery d SET status = 'failed', next_attempt_at = NULL, ended_at = clock_timestamp(), attempt_id = NULL, begun_at = NULL
    FROM held h WHERE d.id = h.id`;
