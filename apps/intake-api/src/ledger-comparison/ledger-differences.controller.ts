import { createHash } from 'node:crypto';
import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  type Accepted,
  acceptedWhenAwaited,
  AdminController,
  Answers,
  ApiError,
  type AwaitedDto,
  type Caller,
  CallerOf,
  LedgerDifferenceDto,
  LedgerDifferencesDto,
  type LostWithdrawalDto,
  MayAwait,
  RecoverLedgerDto,
  Refuses,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { RecoverLedger } from './recover-ledger.js';

const RECOVER = 'send the ledger again';
const LEDGER = 'ledger';
const MOST_SHOWN = 500;

/** Differences between withdrawals and the ledger, and their recovery. */
@AdminController('ledger-differences')
export class LedgerDifferencesController {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly recovery: RecoverLedger,
    private readonly approvals: Approvals,
  ) {
    approvals.register(RECOVER, (_target, request, caller) =>
      this.carryOut((request as RecoverLedgerDto).evidence, caller),
    );
  }

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({ summary: 'What the ledger lacks of withdrawals, and how far the comparison is' })
  @Answers(LedgerDifferencesDto)
  ledgerDifferences(): Promise<LedgerDifferencesDto> {
    return this.view();
  }

  /**
   * Sends exactly the differences seen by the first person: a new difference in between requires a
   * new approval.
   */
  @Post('recover')
  @Requires('operate', 'approve')
  @ApiOperation({ summary: 'Sends missing commands to the ledger again. Requires two people' })
  @Answers(LedgerDifferencesDto)
  @MayAwait()
  @Refuses({ 409: 'nothing differs, or all withdrawals are still being compared' })
  async recoverLedger(
    @Body() { evidence }: RecoverLedgerDto,
    @CallerOf() caller: Caller,
  ): Promise<LedgerDifferencesDto | Accepted<AwaitedDto>> {
    return acceptedWhenAwaited(await this.carryOut(evidence, caller));
  }

  private async carryOut(
    evidence: string,
    caller: Caller,
  ): Promise<LedgerDifferencesDto | AwaitedDto> {
    const awaited = await this.unitOfWork.run(async (tx) => {
      const ids = await openDifferences(tx);
      const demand = {
        action: RECOVER,
        target: LEDGER,
        request: { evidence, withdrawals: ids.length, digest: digestOf(ids) },
      };
      const asked = await this.approvals.ask(tx, demand, caller);
      if (asked) return asked;
      const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
      await tx.query(APPROVE, [ids, requestedBy, approvedBy, evidence]);
      return null;
    });
    if (awaited) return awaited;
    await this.recovery.sendApproved();
    return this.view();
  }

  private async view(): Promise<LedgerDifferencesDto> {
    const [progress] = await this.database.query<Progress>(PROGRESS, []);
    const rows = await this.database.query<DifferenceRow>(SHOWN, [MOST_SHOWN]);
    const lost = await this.database.query<LostRow>(LOST, [MOST_SHOWN]);
    return {
      open: progress?.open ?? 0,
      resolved: progress?.resolved ?? 0,
      is_sweeping: progress?.sweeping ?? false,
      compared_at: progress?.compared_at.toISOString() ?? null,
      not_recovered: NOT_RECOVERED,
      differences: rows.map((row): LedgerDifferenceDto => ({
        ...row,
        found_at: row.found_at.toISOString(),
      })),
      lost_withdrawals: lost.map((one) => ({
        ...one,
        placed_at: one.placed_at.toISOString(),
      })),
    };
  }
}

/** Throws if no difference exists, or if the sweep may find more. */
async function openDifferences(tx: Tx): Promise<readonly string[]> {
  const [progress] = await tx.query<Progress>(PROGRESS);
  if (progress?.sweeping) throw ApiError.conflict('All withdrawals are still being compared');
  const rows = await tx.query<{ withdrawal_id: string }>(OPEN);
  if (rows.length === 0) throw ApiError.conflict('The ledger lacks nothing that was compared');
  return rows.map(({ withdrawal_id: id }) => id);
}

function digestOf(ids: readonly string[]): string {
  return createHash('sha256').update(ids.join('\n')).digest('hex');
}

const NOT_RECOVERED =
  'Fundings, transfers, reversals, freezes, signers and the wallet’s own costs are not in intake-api’s records. An account that lacks money is named with its sum.';

interface Progress {
  readonly open: number;
  readonly resolved: number;
  readonly sweeping: boolean;
  readonly compared_at: Date;
}

type LostRow = Omit<LostWithdrawalDto, 'placed_at'> & { readonly placed_at: Date };

type DifferenceRow = Omit<LedgerDifferenceDto, 'found_at'> & { readonly found_at: Date };

const PROGRESS = `
  SELECT (SELECT count(*)::int FROM ledger_difference WHERE resolved_at IS NULL) AS open,
         (SELECT count(*)::int FROM ledger_difference WHERE resolved_at IS NOT NULL) AS resolved,
         sweep_urgent AS sweeping, compared_at
    FROM ledger_comparison`;

const OPEN =
  'SELECT withdrawal_id FROM ledger_difference WHERE resolved_at IS NULL ORDER BY withdrawal_id FOR UPDATE';

const APPROVE = `
  UPDATE ledger_difference SET requested_by = $2, approved_by = $3, evidence = $4
   WHERE withdrawal_id = ANY ($1::uuid[]) AND resolved_at IS NULL`;

const SHOWN = `
  SELECT d.withdrawal_id, w.number::text AS number, w.account_id, w.state, w.currency, w.network, w.amount::text AS amount, w.fee::text AS fee, w.venue,
         d.kind, d.detail, d.found_at, d.approved_by, d.answer
    FROM ledger_difference d JOIN withdrawal w ON w.id = d.withdrawal_id
   WHERE d.resolved_at IS NULL ORDER BY w.number LIMIT $1`;

const LOST = `
  SELECT withdrawal_id, account_id, asset, amount::text AS amount, state, placed_at FROM lost_withdrawal
   WHERE resolved_at IS NULL ORDER BY placed_at DESC LIMIT $1`;
