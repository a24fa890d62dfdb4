import { Get, Injectable, Param, Query } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  asWritten,
  type DatedRow,
  LISTED_WITHDRAWAL,
  Requires,
  ROLES,
  SHOWN_WITHDRAWAL,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalRowDto,
  type WithdrawalStepDto,
} from '@sluice/http-api';
import { HELD_AT_INTAKE } from '@sluice/messages';
import { Database, selectedByName } from '@sluice/postgres';
import { sampledWithdrawal } from '@sluice/runtime/tracing';
import { PUBLIC_VIEW, type RouteDecision } from '@sluice/withdrawal-core';
import { WithdrawalCaseEntity } from '../cases/withdrawal-case.entity.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import { awaitedOfLedger, AWAITS, waitingText } from './waiting/waits-for.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DEFAULT_LIMIT = 50;
const LISTED = selectedByName(LISTED_WITHDRAWAL);
const SHOWN = selectedByName(SHOWN_WITHDRAWAL);

type Listed = Omit<WithdrawalRowDto, 'status' | 'stage'>;
type Shown = Omit<
  WithdrawalDto,
  'status' | 'stage' | 'awaits' | 'trace_id' | 'routing' | 'history' | 'cases'
>;
interface Held {
  readonly is_held_back: boolean;
  readonly is_held_no_more: boolean;
  /** Venue and cause, as reported by the connector. */
  readonly waits: string | null;
}
interface Decided {
  readonly decision: RouteDecision | null;
}

/** Withdrawals of all accounts, as operators see them. */
@Injectable()
export class WithdrawalReports {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  async list({ account_id, state, limit }: WithdrawalListQuery): Promise<WithdrawalRowDto[]> {
    const rows = await this.database.query<DatedRow<Listed>>(
      `SELECT ${LISTED} FROM withdrawal WHERE ($1::text IS NULL OR account_id::text = $1) AND ($2::text IS NULL OR state = $2) ORDER BY withdrawal.number DESC LIMIT $3`,
      [account_id ?? null, state ?? null, limit ?? DEFAULT_LIMIT],
    );
    return rows.map((row) => listed<Listed>(row));
  }

  /** Finds a withdrawal by public number or UUID. */
  async find(ref: string): Promise<WithdrawalDto | null> {
    const [row] = await this.database.query<DatedRow<Shown> & Held>(
      `SELECT ${SHOWN}, state = 'submitting' AND ordered_at IS NULL AS is_held_back, state = 'submitting' AND timed_receipt IS NULL AND tried = '{}' AS is_held_no_more, waits_for AS waits FROM withdrawal WHERE id = $1::uuid OR number = $2::bigint`,
      [UUID.test(ref) ? ref : null, /^\d{1,16}$/.test(ref) ? ref : null],
    );
    if (!row) return null;
    const { is_held_back: isHeldBack, is_held_no_more: isHeldNoMore, waits, ...columns } = row;
    const shown = listed<Shown>(columns);
    const [steps, cases] = await Promise.all([
      this.database.query<DatedRow<WithdrawalStepDto> & Decided>(
        'SELECT sequence, from_state AS "from", to_state AS "to", trigger, detail, decision, at FROM withdrawal_step WHERE withdrawal_id = $1 ORDER BY sequence',
        [shown.id],
      ),
      this.database
        .repository(WithdrawalCaseEntity)
        .find({ where: { withdrawalId: shown.id }, order: { id: 'ASC' } }),
    ]);
    const history = steps.map(asWritten<WithdrawalStepDto & Decided>);
    return {
      ...shown,
      awaits:
        heldHere({ isHeldBack, isHeldNoMore }) ??
        waitingText('operator', shown, waits) ??
        AWAITS[shown.state],
      trace_id: sampledWithdrawal(shown.id)?.traceId ?? null,
      routing: history.flatMap(routingOf),
      history: history.map(({ decision: _reported, ...step }) => step),
      cases: cases.map(({ state, trigger, detail, openedAt }) => ({
        state,
        trigger,
        detail,
        opened_at: openedAt.toISOString(),
      })),
    };
  }
}

function heldHere(is: { readonly isHeldBack: boolean; readonly isHeldNoMore: boolean }) {
  if (is.isHeldNoMore) return HELD_AT_INTAKE.heldNoMore;
  return is.isHeldBack ? HELD_AT_INTAKE.heldBack : null;
}

function listed<D extends Listed>(row: DatedRow<D>) {
  const shown = asWritten(row);
  return { ...shown, ...PUBLIC_VIEW[shown.state] };
}

function routingOf({ sequence, at, trigger, decision }: WithdrawalStepDto & Decided) {
  return decision === null ? [] : [{ sequence, at, after: trigger, ...decision }];
}

/** Withdrawals of all accounts. */
@AdminController('withdrawals')
export class AllWithdrawalsController {
  constructor(
    private readonly reports: WithdrawalReports,
    private readonly ledger: LedgerClient,
  ) {}

  /** Newest first. */
  @Get()
  @Requires(...ROLES)
  @AnswersList(WithdrawalRowDto)
  withdrawals(@Query() query: WithdrawalListQuery): Promise<WithdrawalRowDto[]> {
    return this.reports.list(query);
  }

  /** Finds a withdrawal by public number or UUID. */
  @Get(':ref')
  @Requires(...ROLES)
  @Answers(WithdrawalDto)
  async withdrawal(@Param() { ref }: WithdrawalParams): Promise<WithdrawalDto> {
    const withdrawal = await this.reports.find(ref);
    if (!withdrawal) throw ApiError.notFound('Withdrawal not found');
    return { ...withdrawal, awaits: await awaitedOfLedger(withdrawal, this.ledger) };
  }
}
