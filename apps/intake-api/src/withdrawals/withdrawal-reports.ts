import { Injectable } from '@nestjs/common';
import type {
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalRowDto,
  WithdrawalStepDto,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { sampledWithdrawal } from '@sluice/runtime/tracing';
import { PUBLIC_VIEW, type RouteDecision, type State } from '@sluice/withdrawal-core';
import { WithdrawalCaseEntity } from '../cases/withdrawal-case.entity.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEFAULT_LIMIT = 50;
const COLUMNS = `id, number::text, account_id, client_reference, currency, network, amount::text, fee::text, venue, state, tx_hash, error_message, requested_at, confirmed_at`;

/** Pending condition of each state, in a sentence for operators. */
const AWAITS: Readonly<Record<State, string | null>> = {
  requested: 'the ledger to place or refuse the hold',
  submitting: 'the connector to submit it; the order may wait in the queue of the rate plan',
  uncertain: 'proof of what the venue did with it; it is never sent again without that',
  undecided:
    'a person to decide, with evidence, what the venue did with it (sluice withdrawal resolve)',
  submitted: "the venue's final word",
  broadcast: 'confirmations on the chain',
  capturing: 'the ledger to capture the hold',
  releasing: 'the ledger to release the hold',
  cancelling: 'the ledger to release the hold',
  rejected: null,
  completed: null,
  failed: null,
  cancelled: null,
};

/** No order leaves after an outage of intake-api, or a restore, before the other venues of its route have read their records. */
const HELD_BACK =
  'the other venues of its route to read their records: intake-api was down, or its database was restored';

/** Row of a DTO, with dates instead of texts. */
type RowOf<D, Moments extends keyof D> = Omit<D, Moments> & {
  readonly [M in Moments]: MomentOf<D[M]>;
};
type MomentOf<T> = null extends T ? Date | null : Date;

type ListedRow = RowOf<Omit<WithdrawalRowDto, 'status' | 'stage'>, 'requested_at' | 'confirmed_at'>;
type ReportRow = ListedRow &
  RowOf<
    Omit<
      WithdrawalDto,
      keyof WithdrawalRowDto | 'awaits' | 'trace_id' | 'routing' | 'history' | 'cases'
    >,
    'expected_at' | 'cancel_requested_at'
  > & { readonly is_held_back: boolean };
type ReportedStep = RowOf<WithdrawalStepDto, 'at'> & { readonly decision: RouteDecision | null };

/** Withdrawals of all accounts, as operators see them. */
@Injectable()
export class WithdrawalReports {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ account_id, state, limit }: WithdrawalListQuery): Promise<WithdrawalRowDto[]> {
    const rows = await this.database.query<ListedRow>(
      `SELECT ${COLUMNS} FROM withdrawal WHERE ($1::text IS NULL OR account_id::text = $1) AND ($2::text IS NULL OR state = $2) ORDER BY withdrawal.number DESC LIMIT $3`,
      [account_id ?? null, state ?? null, limit ?? DEFAULT_LIMIT],
    );
    return rows.map(listed);
  }

  /** Finds a withdrawal by public number or UUID. */
  async find(ref: string): Promise<WithdrawalDto | null> {
    const [row] = await this.database.query<ReportRow>(
      `SELECT ${COLUMNS}, destination, pinned, tried, submit_within_ms, venue_reference, expected_at, rejected_reference, cancel_requested_at, cancel_requested_by, cancel_refusal, state = 'submitting' AND ordered_at IS NULL AS is_held_back FROM withdrawal WHERE id = $1::uuid OR number = $2::bigint`,
      [UUID.test(ref) ? ref : null, /^\d{1,16}$/.test(ref) ? ref : null],
    );
    if (!row) return null;
    const { is_held_back: isHeldBack, ...shown } = row;
    const [history, cases] = await Promise.all([
      this.database.query<ReportedStep>(
        'SELECT sequence, from_state AS "from", to_state AS "to", trigger, detail, decision, at FROM withdrawal_event WHERE withdrawal_id = $1 ORDER BY sequence',
        [row.id],
      ),
      this.database
        .repository(WithdrawalCaseEntity)
        .find({ where: { withdrawalId: row.id }, order: { id: 'ASC' } }),
    ]);
    return {
      ...shown,
      ...listed(shown),
      expected_at: textOf(row.expected_at),
      cancel_requested_at: textOf(row.cancel_requested_at),
      awaits: isHeldBack ? HELD_BACK : AWAITS[row.state],
      trace_id: sampledWithdrawal(row.id)?.traceId ?? null,
      routing: history.flatMap(routingOf),
      history: history.map(({ decision: _reported, at, ...step }) => ({
        ...step,
        at: at.toISOString(),
      })),
      cases: cases.map(({ state, trigger, detail, openedAt }) => ({
        state,
        trigger,
        detail,
        opened_at: openedAt.toISOString(),
      })),
    };
  }
}

function listed<R extends ListedRow>(row: R) {
  return {
    ...row,
    requested_at: row.requested_at.toISOString(),
    confirmed_at: textOf(row.confirmed_at),
    ...PUBLIC_VIEW[row.state],
  };
}

function routingOf({ sequence, at, trigger, decision }: ReportedStep) {
  return decision === null ? [] : [{ sequence, at: at.toISOString(), after: trigger, ...decision }];
}

function textOf(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
