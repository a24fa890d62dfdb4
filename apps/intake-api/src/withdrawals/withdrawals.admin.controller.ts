import { Get, Headers, Injectable, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { decodeJwt } from 'jose';
import {
  AdminController,
  Answers,
  AnswersPage,
  ApiError,
  asWritten,
  CredentialOf,
  type DatedRow,
  PageOf,
  ReadOften,
  Requires,
  ROLES,
  SHOWN_WITHDRAWAL,
  WithdrawalCountsDto,
  WithdrawalDto,
  WithdrawalListQuery,
  WithdrawalParams,
  WithdrawalRowDto,
  type WithdrawalStepDto,
  WithdrawalThroughputDto,
} from '@sluice/http-api';
import { HELD_AT_INTAKE } from '@sluice/messages';
import { Database, selectedByName } from '@sluice/postgres';
import { sampledWithdrawal } from '@sluice/runtime/tracing';
import type { RouteDecision } from '@sluice/withdrawal-core';
import { WithdrawalCaseEntity } from '../cases/withdrawal-case.entity.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import { WithdrawalFigures } from './figures/withdrawal-figures.js';
import { WithdrawalChanges } from './stream/withdrawal-changes.js';
import { AllWithdrawals, viewed } from './listing/all-withdrawals.js';
import { awaitedOfLedger, AWAITS, waitingText } from './waiting/waits-for.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHOWN = selectedByName(SHOWN_WITHDRAWAL);

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

  /** Finds a withdrawal by public number or UUID. */
  async find(ref: string): Promise<WithdrawalDto | null> {
    const [row] = await this.database.query<DatedRow<Shown> & Held>(
      `SELECT ${SHOWN}, state = 'submitting' AND ordered_at IS NULL AS is_held_back, state = 'submitting' AND timed_receipt IS NULL AND tried = '{}' AS is_held_no_more, waits_for AS waits FROM withdrawal WHERE id = $1::uuid OR number = $2::bigint`,
      [UUID.test(ref) ? ref : null, /^\d{1,16}$/.test(ref) ? ref : null],
    );
    if (!row) return null;
    const { is_held_back: isHeldBack, is_held_no_more: isHeldNoMore, waits, ...columns } = row;
    const shown = viewed<Shown>(columns);
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

function routingOf({ sequence, at, trigger, decision }: WithdrawalStepDto & Decided) {
  return decision === null ? [] : [{ sequence, at, after: trigger, ...decision }];
}

/** Withdrawals of all accounts. */
@AdminController('withdrawals')
export class AllWithdrawalsController {
  constructor(
    private readonly all: AllWithdrawals,
    private readonly reports: WithdrawalReports,
    private readonly figures: WithdrawalFigures,
    private readonly changes: WithdrawalChanges,
    private readonly ledger: LedgerClient,
  ) {}

  /** Newest first. A page with fewer rows than the limit and a cursor has looked at as many withdrawals as a page may. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersPage(WithdrawalRowDto)
  withdrawals(@Query() query: WithdrawalListQuery): Promise<PageOf<WithdrawalRowDto>> {
    return this.all.list(query);
  }

  /** Withdrawals under way by state, asset and age. */
  @Get('counts')
  @Requires(...ROLES)
  @ReadOften()
  @Answers(WithdrawalCountsDto)
  withdrawalCounts(): Promise<WithdrawalCountsDto> {
    return this.figures.counts();
  }

  /** Requests and ends of each minute of the last hour. */
  @Get('throughput')
  @Requires(...ROLES)
  @ReadOften()
  @Answers(WithdrawalThroughputDto)
  withdrawalThroughput(): Promise<WithdrawalThroughputDto> {
    return this.figures.throughput();
  }

  /**
   * Changed withdrawals as server-sent events: `changed` with the ids, at most once in a second, and
   * `reset` where changes were missed. A request appears with its first step. Ends with the token.
   */
  @Get('stream')
  @Requires(...ROLES)
  @ReadOften()
  @ApiProduces('text/event-stream')
  @ApiHeader({ name: 'last-event-id', required: false })
  @ApiOkResponse({ description: 'Events', schema: { type: 'string' } })
  withdrawalStream(
    @Headers('last-event-id') lastEventId: string | undefined,
    @CredentialOf() credential: string,
    @Res() reply: FastifyReply,
  ): void {
    const { exp = 0 } = decodeJwt(credential); // the guard has verified it
    const events = this.changes.open(lastEventId, new Date(exp * 1_000));
    void reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no')
      .send(events);
  }

  /** Finds a withdrawal by public number or UUID. */
  @Get(':ref')
  @Requires(...ROLES)
  @ReadOften()
  @Answers(WithdrawalDto)
  async withdrawal(@Param() { ref }: WithdrawalParams): Promise<WithdrawalDto> {
    const withdrawal = await this.reports.find(ref);
    if (!withdrawal) throw ApiError.notFound('Withdrawal not found');
    return { ...withdrawal, awaits: await awaitedOfLedger(withdrawal, this.ledger) };
  }
}
