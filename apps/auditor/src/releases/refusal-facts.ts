import type { Message, VenueEvents } from '@sluice/messages';

export type FollowedVenueEvent = Message<VenueEvents>;

interface Refusal {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly digest: string | null;
  readonly refused_at: string;
}

/** Returns the connector's statements that nothing was paid. The MAC of the message proves them. */
export function refusalFacts(
  venue: string,
  batch: readonly FollowedVenueEvent[],
): readonly Refusal[] {
  return batch.flatMap((event) => {
    if (!isStatement(event) || event.data.proof === undefined) return [];
    const { withdrawalId, digest = null } = event.data;
    return [{ withdrawal_id: withdrawalId, venue, digest, refused_at: event.time }];
  });
}

interface ReturnStatement {
  readonly withdrawal_id: string;
  readonly venue: string;
  readonly digest: string | null;
  readonly asset: string;
  readonly amount: string;
}

/** Returns the connector's statements that a payment came back. */
export function returnFacts(
  venue: string,
  batch: readonly FollowedVenueEvent[],
): readonly ReturnStatement[] {
  return batch.flatMap((event) => {
    if (event.type !== 'venue.withdrawal-returned.v1' || event.data.proof === undefined) return [];
    const { withdrawalId, digest = null, asset, amount } = event.data;
    return [{ withdrawal_id: withdrawalId, venue, digest, asset, amount }];
  });
}

type Statement = Extract<
  FollowedVenueEvent,
  { type: 'venue.submission-refused.v1' | 'venue.withdrawal-failed.v1' }
>;

function isStatement(event: FollowedVenueEvent): event is Statement {
  return (
    event.type === 'venue.submission-refused.v1' || event.type === 'venue.withdrawal-failed.v1'
  );
}

export const STORE_REFUSALS = `
  INSERT INTO audited_refusal (withdrawal_id, venue, digest, refused_at)
  SELECT withdrawal_id, venue, digest, refused_at
    FROM json_to_recordset($1::json) AS r(withdrawal_id uuid, venue text, digest text, refused_at timestamptz)
  ON CONFLICT DO NOTHING`;

/**
 * Notes the time in which the connector signs for the auditor. After a pause of five minutes the
 * time begins again. `$2`, `$3`: oldest and newest message.
 */
export const SIGNED_THROUGH = `
  INSERT INTO audited_connector AS c (venue, signed_since, signed_until) VALUES ($1, $2, $3)
  ON CONFLICT (venue) DO UPDATE
    SET signed_since = CASE WHEN EXCLUDED.signed_since > c.signed_until + interval '5 minutes' THEN EXCLUDED.signed_since ELSE c.signed_since END,
        signed_until = greatest(c.signed_until, EXCLUDED.signed_until)`;
