import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import type { Database } from '@sluice/postgres';
import { PUBLIC_VIEW, type RouteDecision, type State } from '@sluice/withdrawal-core';
import { ApiError } from '../http/api-error.js';
import { objectEnvelope, listEnvelope } from '../http/envelope.js';
import { DATABASE } from '../tokens.js';
import { WithdrawalCaseEntity } from '../withdrawals/withdrawal-case.entity.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COLUMNS = `id, number::text, account_id, client_reference, currency, network, amount::text, fee::text, venue, state, tx_hash, error_message, requested_at, confirmed_at`;

/** What each state waits for, in a sentence for operators. */
const AWAITS: Readonly<Record<State, string | null>> = {
  requested: 'the ledger to place or refuse the hold',
  submitting: 'the connector to submit it; it queues there when the rate plan says so',
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

interface Row {
  id: string;
  state: State;
}

interface Step {
  sequence: number;
  trigger: string;
  decision: RouteDecision | null;
  at: Date;
}

/** Withdrawals of all accounts, for operators. */
@Controller('internal/withdrawals')
export class WithdrawalsAdminController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  async list(
    @Query('account_id') accountId?: string,
    @Query('state') state?: string,
    @Query('limit') limit?: string,
  ) {
    if (state !== undefined && !Object.hasOwn(AWAITS, state))
      throw ApiError.invalid([`state: Input should be one of ${Object.keys(AWAITS).join(', ')}`]);
    const rows = await this.database.query<Row>(
      `SELECT ${COLUMNS} FROM withdrawal WHERE ($1::text IS NULL OR account_id::text = $1) AND ($2::text IS NULL OR state = $2) ORDER BY withdrawal.number DESC LIMIT $3`,
      [accountId ?? null, state ?? null, /^[1-9]\d{0,3}$/.test(limit ?? '') ? limit : '50'],
    );
    return listEnvelope(rows.map((row) => ({ ...row, ...PUBLIC_VIEW[row.state] })));
  }

  /** By public number or by UUID. */
  @Get(':ref')
  async show(@Param('ref') ref: string) {
    const [row] = await this.database.query<Row>(
      `SELECT ${COLUMNS}, destination, pinned, tried, submit_within_ms, venue_reference, expected_at, rejected_reference, cancel_requested_at, cancel_requested_by, cancel_refusal FROM withdrawal WHERE id = $1::uuid OR number = $2::bigint`,
      [UUID.test(ref) ? ref : null, /^\d{1,16}$/.test(ref) ? ref : null],
    );
    if (!row) throw ApiError.of('withdrawal_not_found');
    const [history, cases] = await Promise.all([
      this.database.query<Step>(
        'SELECT sequence, from_state AS "from", to_state AS "to", trigger, detail, decision, at FROM withdrawal_event WHERE withdrawal_id = $1 ORDER BY sequence',
        [row.id],
      ),
      this.database
        .repository(WithdrawalCaseEntity)
        .find({ where: { withdrawalId: row.id }, order: { id: 'ASC' } }),
    ]);
    const routing = history.flatMap(({ sequence, at, trigger, decision }) =>
      decision === null ? [] : [{ sequence, at, after: trigger, ...decision }],
    );
    const steps = history.map(({ decision: _reported, ...step }) => step);
    return objectEnvelope({
      ...row,
      ...PUBLIC_VIEW[row.state],
      awaits: AWAITS[row.state],
      routing,
      history: steps,
      cases: cases.map(caseShape),
    });
  }
}

function caseShape({ state, trigger, detail, openedAt }: WithdrawalCaseEntity) {
  return { state, trigger, detail, opened_at: openedAt };
}
