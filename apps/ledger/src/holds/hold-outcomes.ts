import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { HoldDto, HoldOutcomesDto } from '@sluice/http-api';
import { Book, captureHold, type Hold, type JournalEntry, releaseHold } from '@sluice/ledger-core';
import { Database } from '@sluice/postgres';
import { HOLD_ROW, holdFrom, type HoldRow } from '../postgres/hold-row.js';
import { LedgerQueries } from '../postgres/ledger-queries.js';
import { amountOf } from '../wire/wire.js';

type Outcomes = Omit<HoldOutcomesDto, 'hold'>;

interface HoldAndBalance extends HoldRow {
  readonly posted: string | null;
  readonly held: string | null;
}

/** Bookings that a capture and a release of a hold would make, by the rules of the ledger. Changes nothing. */
@Injectable()
export class HoldOutcomes {
  constructor(
    private readonly database: Database,
    private readonly queries: LedgerQueries,
  ) {}

  /** Returns null for a withdrawal without a hold. */
  async of(withdrawalId: string): Promise<HoldOutcomesDto | null> {
    const hold: HoldDto | undefined = await this.queries.hold(withdrawalId);
    const [row] = await this.database.query<HoldAndBalance>(HOLD_AND_BALANCE, [withdrawalId]);
    if (!hold || !row) return null;
    const { posted, held, ...columns } = row;
    const { asset } = columns;
    const stored = holdFrom(columns);
    const balance = {
      accountId: stored.accountId,
      posted: amountOf(posted ?? '0', asset),
      held: amountOf(held ?? '0', asset),
    };
    const at = this.database.clock.now().toISOString();
    const bookOf = () => new Book({ holds: [stored], balances: [balance] });
    return { hold, ...captureOf(bookOf(), stored, at), ...releaseOf(bookOf(), stored, at) };
  }
}

/** The venue's fee is not known before the payment, and is booked with it. */
function captureOf(
  book: Book,
  hold: Hold,
  at: string,
): Pick<Outcomes, 'capture' | 'capture_refused'> {
  const { withdrawalId, accountId, assignedTo, policy, amount, grant } = hold;
  if (assignedTo === null) return { capture: [], capture_refused: 'venue_unknown' };
  const command = {
    withdrawalId,
    accountId,
    amount: policy.payout,
    fee: amount.minus(policy.payout),
    venue: assignedTo,
    effectiveAt: null,
    isAwaiting: policy.approval !== null && grant === null,
  };
  const captured = captureHold(book, command, at, randomUUIDv7);
  return {
    capture: postingsIn(book.changes().entries),
    capture_refused: captured.ok ? null : captured.refusal.kind,
  };
}

function releaseOf(
  book: Book,
  { withdrawalId, accountId }: Hold,
  at: string,
): Pick<Outcomes, 'release' | 'release_refused'> {
  const command = { withdrawalId, accountId, reason: 'shown', isProven: true };
  const released = releaseHold(book, command, at);
  return {
    release: postingsIn(book.changes().entries),
    release_refused: released.ok ? null : released.refusal.kind,
  };
}

function postingsIn(entries: readonly JournalEntry[]): HoldOutcomesDto['capture'] {
  return entries
    .flatMap(({ postings }) => postings)
    .map(({ account, amount }) => ({ account, asset: amount.asset, amount: amount.toString() }));
}

const HOLD_AND_BALANCE = `
  SELECT ${HOLD_ROW},
         (SELECT b.posted::text FROM balance b WHERE b.account_id = hold.account_id AND b.asset = hold.asset) AS posted,
         (SELECT b.held::text FROM balance b WHERE b.account_id = hold.account_id AND b.asset = hold.asset) AS held
    FROM hold WHERE withdrawal_id = $1`;
