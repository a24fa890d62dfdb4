import { Injectable } from '@nestjs/common';
import type { VenueCapabilities } from '@sluice/connector-rules';
import { Inbox, inForceSql } from '@sluice/service-shell';
import { BREAK_ENDS, BreakClosings } from '../breaks/breaks.js';
import { InjectCapabilities } from '../tokens/tokens.js';

const ROLES = ['operate', 'approve'] as const;

/** Payments and breaks of a connector that wait for people. */
@Injectable()
export class ConnectorInbox {
  constructor(
    inbox: Inbox,
    closings: BreakClosings,
    @InjectCapabilities() { venue }: Pick<VenueCapabilities, 'venue'>,
  ) {
    inbox.add(
      { kind: 'case', roles: ROLES, people: 2, venue, sql: PAYMENTS },
      {
        kind: 'break',
        roles: ROLES,
        people: 1,
        venue,
        sql: BREAKS,
        params: () => [closings.verified],
      },
    );
  }
}

const MOST_SEARCHED = 10_000;

// The newest cases bound the search for disputes, which have no index by state.
const PAYMENTS = `
  WITH newest AS MATERIALIZED (SELECT withdrawal_id, text, opened_at FROM submission_case ORDER BY id DESC LIMIT ${MOST_SEARCHED})
  SELECT waiting.*, (SELECT count(*) = ${MOST_SEARCHED} FROM newest) AS more FROM (
    SELECT withdrawal_id::text AS id, 'The venue''s records do not prove the outcome: a person decides it, with evidence' AS title,
           withdrawal_id::text, account_id::text, asset, coalesce(submitted_at, created_at) AS since
      FROM submission WHERE state = 'undecided'
    UNION ALL
    SELECT DISTINCT ON (s.withdrawal_id) s.withdrawal_id::text, 'The venue and the order disagree: ' || c.text, s.withdrawal_id::text, s.account_id::text, s.asset, c.opened_at
      FROM newest c JOIN submission s USING (withdrawal_id)
     WHERE s.state = 'disputed') AS waiting
   ORDER BY since LIMIT $1`;

const BREAKS = `
  SELECT b.id::text, 'The venue deviates from our orders (' || replace(b.kind, '_', ' ') || '): ' || b.details AS title,
         b.withdrawal_id::text, s.account_id::text, s.asset, b.opened_at AS since
    FROM break b LEFT JOIN submission s ON s.withdrawal_id = b.withdrawal_id
   WHERE ${inForceSql('b', BREAK_ENDS, '$2')} ORDER BY b.id LIMIT $1`;
