import { Injectable } from '@nestjs/common';
import { Inbox, inForceSql } from '@sluice/service-shell';
import { BOOK_ENDS, BookLifts } from '../book-halt/book-halt.js';

/** Payments, entries and halts of the ledger that wait for people. */
@Injectable()
export class LedgerInbox {
  constructor(inbox: Inbox, lifts: BookLifts) {
    inbox.add(
      { kind: 'payment_approval', roles: ['approve'], people: 1, sql: PAYMENTS },
      { kind: 'address_entry', roles: ['administer', 'approve'], people: 2, sql: ENTRIES },
      { kind: 'order_case', roles: ['operate', 'administer'], people: 1, sql: ORDERS },
      {
        kind: 'book_halt',
        roles: ['operate', 'approve'],
        people: 2,
        sql: BOOK,
        params: () => [lifts.verified],
      },
    );
  }
}

const PAYMENTS = `
  SELECT withdrawal_id::text AS id, 'A payment of ' || (content::jsonb ->> 'amount') || ' ' || (content::jsonb ->> 'asset') || ' waits for people: ' || (
           SELECT string_agg((q.value ->> 'need') || ' of ' || (q.value ->> 'group'), ', ') FROM jsonb_array_elements(quorums) AS q) AS title,
         withdrawal_id::text, account_id::text, content::jsonb ->> 'venue' AS venue, content::jsonb ->> 'asset' AS asset, asked_at AS since, expires_at,
         (SELECT least(sum((q.value ->> 'need')::int), 2)::int FROM jsonb_array_elements(quorums) AS q) AS people
    FROM approval_case WHERE outcome IS NULL AND expires_at > clock_timestamp() ORDER BY asked_at LIMIT $1`;

const MOST_SEARCHED = 10_000;

// The newest entries bound the search, because confirmations and removals are rows of their own.
const ENTRIES = `
  WITH newest AS MATERIALIZED (SELECT * FROM address_entry ORDER BY id DESC LIMIT ${MOST_SEARCHED})
  SELECT e.id::text, 'An address on ' || e.network || ' waits for its confirmation: ' || e.label AS title, e.account_id::text,
         e.added_at AS since, regexp_replace(e.author, '^(key|person):', '') AS asked_by,
         (SELECT count(*) = ${MOST_SEARCHED} FROM newest) AS more
    FROM newest e
   WHERE e.confirmation = 'person' AND NOT EXISTS (SELECT FROM address_confirmation WHERE entry_id = e.id)
     AND NOT EXISTS (SELECT FROM address_removal WHERE entry_id = e.id)
   ORDER BY e.id LIMIT $1`;

// A case is kept for ever, and nothing ends it: it is shown for a week.
const ORDERS = `
  SELECT withdrawal_id::text AS id, 'An order without a valid signature of the customer was refused: ' || detail AS title,
         withdrawal_id::text, account_id::text, opened_at AS since
    FROM order_case WHERE opened_at > clock_timestamp() - interval '7 days' ORDER BY opened_at LIMIT $1`;

const BOOK = `
  SELECT b.id::text, 'The book is halted: ' || b.reason AS title, b.opened_at AS since
    FROM book_halt b WHERE ${inForceSql('b', BOOK_ENDS, '$2')} ORDER BY b.opened_at LIMIT $1`;
