import { Injectable } from '@nestjs/common';
import { Inbox } from '@sluice/service-shell';

const ROLES = ['operate', 'approve'] as const;

/** Withdrawals of intake-api that wait for people. */
@Injectable()
export class IntakeInbox {
  constructor(inbox: Inbox) {
    inbox.add(
      { kind: 'case', roles: ROLES, people: 1, sql: CASES },
      { kind: 'ledger_difference', roles: ROLES, people: 2, sql: DIFFERENCES },
      { kind: 'lost_withdrawal', roles: ROLES, people: 2, sql: LOST },
    );
  }
}

const MOST_SEARCHED = 10_000;

/** Cases that ask what became of a payment: the end of the withdrawal answers them. */
const ANSWERED_BY_END = `'submission_missing', 'refusal_not_proven'`;

// A case is kept for ever. It waits for people while its withdrawal is open, and for a week if it doubts the end. The newest cases bound the search.
const CASES = `
  WITH newest AS MATERIALIZED (SELECT * FROM withdrawal_case ORDER BY id DESC LIMIT ${MOST_SEARCHED})
  SELECT c.id::text, 'A report does not fit the withdrawal (' || replace(c.trigger, '_', ' ') || ' while ' || replace(c.state, '_', ' ') || '): ' || coalesce(c.detail, 'no details') AS title,
         c.withdrawal_id::text, w.account_id::text, w.venue, w.currency || '.' || w.network AS asset, c.opened_at AS since,
         (SELECT count(*) = ${MOST_SEARCHED} FROM newest) AS more
    FROM newest c LEFT JOIN withdrawal w ON w.id = c.withdrawal_id
   WHERE (c.opened_at > clock_timestamp() - interval '7 days' AND (w.id IS NULL OR c.trigger NOT IN (${ANSWERED_BY_END})))
      OR w.state NOT IN ('rejected', 'completed', 'returned', 'failed', 'cancelled')
   ORDER BY c.opened_at LIMIT $1`;

const DIFFERENCES = `
  SELECT d.withdrawal_id::text AS id, 'The ledger lacks a booking (' || replace(d.kind, '_', ' ') || '): ' || d.detail AS title,
         d.withdrawal_id::text, w.account_id::text, w.venue, w.currency || '.' || w.network AS asset, d.found_at AS since
    FROM ledger_difference d LEFT JOIN withdrawal w ON w.id = d.withdrawal_id
   WHERE d.resolved_at IS NULL ORDER BY d.found_at LIMIT $1`;

const LOST = `
  SELECT withdrawal_id::text AS id, 'The ledger has a hold of a withdrawal that intake-api has lost; the hold is ' || state AS title,
         withdrawal_id::text, account_id::text, asset, found_at AS since
    FROM lost_withdrawal WHERE resolved_at IS NULL ORDER BY placed_at LIMIT $1`;
