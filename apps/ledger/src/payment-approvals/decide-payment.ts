import { Injectable } from '@nestjs/common';
import { ApiError, type Caller, type VoteOnPaymentDto } from '@sluice/http-api';
import { areMet } from '@sluice/policy-core';
import { Database, type Tx } from '@sluice/postgres';
import {
  countForgedRecord,
  isSamePersonName,
  PasskeyRule,
  RecordSeals,
} from '@sluice/service-shell';
import { ApplyCommands, type ChosenBatch } from '../commands/apply-commands.js';
import { BookHaltedError } from '../book-halt/book-halt.js';
import { TimeAndIds } from '../commands/decision.js';
import type { ApprovalBody, ApprovalEndReason, LedgerCommand } from '../wire/ledger-command.js';
import {
  type ApprovalContent,
  contentText,
  digestOfContent,
  insertCases,
} from '../approval-cases/approval-cases.js';
import {
  isSealedCase,
  isSealedVote,
  newestCase,
  requestOf,
  sealCase,
  sealVote,
  votesOn,
  type CaseRow,
  type VoteRow,
} from '../approval-cases/approval-rows.js';
import { revokedAmong } from '../passkeys/passkeys.js';
import { askingRules } from '../policy/batch-policy.js';

/** Result of a vote: recorded, or the reason why it counts for nothing. */
type VoteResult = 'recorded' | 'expired' | 'asked again' | 'denied by the policy';

const MESSAGES: Readonly<Record<Exclude<VoteResult, 'recorded'>, string>> = {
  expired: 'The time to decide is over: the payment is refused',
  'asked again':
    'Another rule set is in force: earlier votes are void, and the payment has a new digest',
  'denied by the policy': 'The rules in force now refuse the payment',
};

/**
 * Records a person's vote on a waiting payment, over the digest of what was seen, and grants or
 * refuses. Votes are decided in sequence under the hold's lock.
 */
@Injectable()
export class DecidePayment {
  constructor(
    private readonly applyCommands: ApplyCommands,
    private readonly database: Database,
    private readonly seals: RecordSeals,
    private readonly passkeys: PasskeyRule,
    private readonly timeAndIds: TimeAndIds,
  ) {}

  async run(withdrawalId: string, vote: VoteOnPaymentDto, caller: Caller): Promise<void> {
    if (caller.kind !== 'person') throw new ApiError(403, 'People decide about payments');
    const waiting = await newestCase(this.database, withdrawalId);
    if (!waiting) throw ApiError.notFound('This withdrawal never waited for people');
    const data = { withdrawalId, accountId: waiting.account_id };
    const request = { submitWithinMs: 0, request: {} };
    const about = this.commandOf({ type: 'ledger.grant-hold.v1', data: { ...data, ...request } });
    const deciding = this.applyCommands.applyChosen(about, (tx, batch) =>
      this.decide(tx, batch, { vote, caller, data }),
    );
    const result = await deciding.catch((error: unknown) => {
      throw error instanceof BookHaltedError ? ApiError.conflict(error.message) : error;
    });
    if (result !== 'recorded') throw ApiError.conflict(MESSAGES[result]);
  }

  private async decide(
    tx: Tx,
    batch: ChosenBatch,
    {
      vote,
      caller,
      data,
    }: {
      vote: VoteOnPaymentDto;
      caller: Caller;
      data: { withdrawalId: string; accountId: string };
    },
  ): Promise<{ command: LedgerCommand | null; value: VoteResult }> {
    const end = (reason: ApprovalEndReason) =>
      this.commandOf({ type: 'ledger.end-approval.v1', data: { ...data, reason } });
    const row = await this.openCase(tx, data.withdrawalId);
    if (row.expires_at.toISOString() <= batch.at)
      return { command: end('approval_expired'), value: 'expired' };
    if (row.policy_version !== batch.policy.version) {
      const isAskedAgain = this.askAgain(tx, batch, row);
      return isAskedAgain
        ? { command: null, value: 'asked again' }
        : { command: end('policy_denied'), value: 'denied by the policy' };
    }
    const hold = batch.book.hold(data.withdrawalId);
    if (vote.decision === 'approve' && hold && batch.policy.refusesRecipient(hold, batch.at))
      return { command: end('policy_denied'), value: 'denied by the policy' };
    if (vote.digest !== row.digest)
      throw ApiError.conflict('The digest is not that of the payment: show the payment again');
    if (vote.decision === 'approve' && batch.book.account(data.accountId)?.frozen !== false)
      throw ApiError.conflict('The account is frozen: no payment of it is approved');
    const stored = await votesOn(tx, row);
    const own = await this.record(tx, batch, { row, stored, vote, caller });
    if (vote.decision === 'refuse') return { command: end('approval_refused'), value: 'recorded' };
    const votes = await this.countedVotes(tx, row, stored);
    const isGranted = this.isMet(batch, row, [...votes, own]);
    return { command: isGranted ? this.grantOf(row) : null, value: 'recorded' };
  }

  /** Returns the open round. Throws if the payment waits no more, or has no valid seal. */
  private async openCase(tx: Tx, withdrawalId: string): Promise<CaseRow> {
    const row = await newestCase(tx, withdrawalId);
    if (!row || row.outcome !== null)
      throw ApiError.conflict(`The payment waits no more: ${row?.outcome ?? 'unknown'}`);
    if (isSealedCase(this.seals, row)) return row;
    countForgedRecord('approval_case');
    throw ApiError.conflict('The payment has no valid seal: another party writes to this database');
  }

  /**
   * Begins another round under the set in force; earlier votes are void. False if the set refuses.
   * Fewer demanded people do not shorten the list.
   */
  private askAgain(tx: Tx, { book, policy, at }: ChosenBatch, row: CaseRow): boolean {
    const hold = book.hold(row.withdrawal_id);
    const decision = hold && policy.decideAgain(hold, at);
    if (!decision || decision.refusal !== null) return false;
    const content: ApprovalContent = {
      ...(JSON.parse(row.content) as ApprovalContent),
      policy_version: policy.version,
      rules: askingRules(decision),
      groups: decision.approval?.quorums ?? row.quorums,
    };
    const approval = {
      digest: digestOfContent(contentText(content)),
      expiresAt: content.expires_at,
      venue: content.venue,
      quorums: content.groups,
    };
    const { withdrawal_id: withdrawalId, account_id: accountId, round } = row;
    void tx.query(REPLACE, [withdrawalId, round, at]);
    const next = { withdrawalId, accountId, round: round + 1, request: requestOf(row) };
    insertCases(
      tx,
      [{ ...next, asked: { approval, content } }],
      (sealed) => sealCase(this.seals, sealed),
      at,
    );
    return true;
  }

  /** Returns the votes with a valid seal, without those of a revoked passkey. */
  private async countedVotes(
    tx: Tx,
    row: CaseRow,
    votes: readonly VoteRow[],
  ): Promise<readonly VoteRow[]> {
    const sealed = votes.filter((vote) => isSealedVote(this.seals, vote, row.digest));
    for (const _forged of votes.slice(sealed.length)) countForgedRecord('approval_vote');
    const revoked = await revokedAmong(
      tx,
      sealed.flatMap(({ credential_id: id }) => id ?? []),
    );
    return sealed.filter(({ credential_id: id }) => id === null || !revoked.has(id));
  }

  /** A person may still refuse after an own approval, also after one that is void. */
  private async record(
    tx: Tx,
    { policy, at }: ChosenBatch,
    {
      row,
      stored,
      vote,
      caller,
    }: { row: CaseRow; stored: readonly VoteRow[]; vote: VoteOnPaymentDto; caller: Caller },
  ): Promise<VoteRow> {
    const groups = row.quorums.flatMap(({ group }) =>
      policy.groups[group]?.people.some((person) => isSamePersonName(person, caller.name))
        ? group
        : [],
    );
    if (groups.length === 0)
      throw new ApiError(403, `${caller.name} is in no group that approves this payment`);
    const isAgain = stored.some(({ person }) => isSamePersonName(person, caller.name));
    if (isAgain && vote.decision === 'approve')
      throw ApiError.conflict(`${caller.name} has decided about this payment already`);
    const needsPasskey =
      this.passkeys.isNeeded(caller) || groups.some((group) => policy.groups[group]?.needsPasskey);
    // A refusal needs no passkey: it moves no money, and takes one person.
    const credentialId =
      vote.decision === 'approve' ? await this.passkeys.use(tx, caller, needsPasskey) : null;
    const own = {
      withdrawal_id: row.withdrawal_id,
      round: row.round,
      person: caller.name,
      decision: vote.decision,
      groups,
      reason: vote.reason ?? null,
      credential_id: credentialId,
      voted_at: new Date(at),
    };
    const seal = sealVote(this.seals, own, row.digest);
    await tx.query(INSERT, [
      own.withdrawal_id,
      own.round,
      own.person,
      own.decision,
      groups,
      own.reason,
      credentialId,
      at,
      seal,
    ]);
    return { ...own, seal };
  }

  /** True if distinct members meet every quorum, each person in one group. */
  private isMet({ policy }: ChosenBatch, row: CaseRow, votes: readonly VoteRow[]): boolean {
    const approvers = votes.flatMap(({ decision, person }) =>
      decision === 'approve' ? person : [],
    );
    const groups = Object.fromEntries(
      row.quorums.map(({ group }) => {
        const members = policy.groups[group]?.people ?? [];
        const people = approvers.filter((approver) =>
          members.some((member) => isSamePersonName(member, approver)),
        );
        return [group, { people, needsPasskey: false }];
      }),
    );
    return areMet(row.quorums, groups);
  }

  /** The venue may begin within its own time, and not after the time to decide. */
  private grantOf(row: CaseRow): LedgerCommand {
    const { withdrawal_id: withdrawalId, account_id: accountId } = row;
    const { submitWithinMs, behind } = requestOf(row);
    const leftMs = row.expires_at.getTime() - this.timeAndIds.now().getTime();
    const within = { submitWithinMs: Math.min(submitWithinMs ?? leftMs, leftMs), request: behind };
    return this.commandOf({
      type: 'ledger.grant-hold.v1',
      data: { withdrawalId, accountId, ...within },
    });
  }

  private commandOf(body: ApprovalBody): LedgerCommand {
    const [id, time] = [this.timeAndIds.newId(), this.timeAndIds.now().toISOString()];
    return { id, source: 'ledger', subject: body.data.accountId, time, ...body };
  }
}

const REPLACE = `UPDATE approval_case SET outcome = 'replaced', ended_at = $3 WHERE withdrawal_id = $1 AND round = $2`;
const INSERT = `
  INSERT INTO approval_vote (withdrawal_id, round, person, decision, groups, reason, credential_id, voted_at, seal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
