import { randomUUIDv7 } from 'node:crypto';
import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type CommandAgainDto,
  type ComparedHoldDto,
  CompareHoldsDto,
  FindHoldsDto,
  FoundHoldDto,
  HoldsComparedDto,
  KeepsOwnRecord,
  MOST_COMPARED,
  Refuses,
  Requires,
  SendAgainDto,
  SentAgainDto,
  type WithdrawalAgainDto,
} from '@sluice/http-api';
import { decode, describeRefusal, ledgerCommands } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { ApplyCommands } from '../commands/apply-commands.js';
import type { CommandsAgain } from '../commands/decide-again.js';
import { orderFault } from '../commands/ledger-commands.consumer.js';
import { TimeAndIds } from '../commands/decision.js';
import { CompareHeads, headsNow } from '../hash-chain/compare-heads.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import { addDecimals } from '../sql/balances-at.js';
import type { TopicCommand } from '../wire/ledger-command.js';

/** Holds for comparison with intake-api's withdrawals. Also accepts commands lost by the ledger. */
@AdminController('holds')
export class HoldComparisonController {
  constructor(
    private readonly database: Database,
    private readonly heads: CompareHeads,
    private readonly signer: HeadSigner,
    private readonly applyCommands: ApplyCommands,
    private readonly timeAndIds: TimeAndIds,
  ) {}

  /** Compares heads first: lost heads halt the book before the comparison of holds. */
  @Post('comparison')
  @Requires('service:intake-api')
  @KeepsOwnRecord()
  @ApiOperation({ summary: 'The holds of up to 1,000 withdrawals, and where the chains end' })
  @Answers(HoldsComparedDto)
  @Refuses()
  async compareHolds(@Body() { heads, withdrawals }: CompareHoldsDto): Promise<HoldsComparedDto> {
    const lost = await this.heads.withKept(heads, 'intake-api');
    const own = await headsNow(this.database);
    return {
      holds: await comparedHolds(this.database, withdrawals),
      heads: own.map((head) => this.signer.sign(head)),
      lost: lost.map(({ shard, sequence, hash }) => ({ shard, sequence, hash })),
      detached_before: await detachedBefore(this.database),
    };
  }

  @Post('found')
  @Requires('service:intake-api')
  @KeepsOwnRecord()
  @ApiOperation({
    summary: 'Up to 1,000 holds that are placed or captured, in the order of their ids',
  })
  @AnswersList(FoundHoldDto)
  @Refuses()
  findHolds(@Body() range: FindHoldsDto): Promise<readonly FoundHoldDto[]> {
    return foundHolds(this.database, range);
  }

  @Post('again')
  @Requires('service:intake-api')
  @ApiOperation({
    summary:
      'Decides commands that the ledger once had and has lost, also while the book is halted',
  })
  @AnswersList(SentAgainDto)
  @Refuses()
  async sendAgain(@Body() { withdrawals }: SendAgainDto): Promise<SentAgainDto[]> {
    const answers = await this.applyCommands.applyAgain(withdrawals.map((of) => this.read(of)));
    return answers.map(({ withdrawalId, refusal }) => ({ withdrawal_id: withdrawalId, refusal }));
  }

  private read({ withdrawal_id: withdrawalId, commands }: WithdrawalAgainDto): CommandsAgain {
    return { withdrawalId, commands: commands.map((one) => this.readCommand(withdrawalId, one)) };
  }

  /** Commands are trusted as far as the same message on the topic. */
  private readCommand(withdrawalId: string, { type, data }: CommandAgainDto): TopicCommand {
    const key = accountIn(data);
    const headers = {
      ce_id: randomUUIDv7(),
      ce_type: type,
      ce_source: 'intake-api',
      ce_time: this.timeAndIds.now().toISOString(),
    };
    const decoded = decode(ledgerCommands, { key, headers, value: data });
    if (!decoded.ok) throw ApiError.invalid([`commands: ${describeRefusal(decoded.refusal)}`]);
    const command = decoded.value;
    const fault = orderFault(command);
    if (fault !== null) throw ApiError.invalid([`commands: ${fault}`]);
    if ('withdrawalId' in command.data && command.data.withdrawalId !== withdrawalId)
      throw ApiError.invalid(['commands: one is about another withdrawal']);
    return command;
  }
}

/**
 * Returns the message key, the account id. Text without this field is refused later, at decoding.
 */
function accountIn(data: string): string {
  try {
    return String((JSON.parse(data) as { accountId?: unknown } | null)?.accountId ?? '');
  } catch {
    return '';
  }
}

type Reader = Pick<Database, 'query'>;

/**
 * Returns the holds of the given withdrawals with their bookings, by a single query on the keys.
 */
export async function comparedHolds(
  database: Reader,
  withdrawalIds: readonly string[],
): Promise<readonly ComparedHoldDto[]> {
  if (withdrawalIds.length === 0) return [];
  const rows = await database.query<ComparedHoldDto>(HOLDS, [withdrawalIds]);
  return rows.map((row) => ({
    ...row,
    amount: addDecimals(row.amount, '0'),
    captured: shortest(row.captured),
    fee: shortest(row.fee),
    venue_fee: shortest(row.venue_fee),
    returned: shortest(row.returned),
  }));
}

/** Returns reserved or paid holds, for withdrawal ids between two ids. */
export async function foundHolds(
  database: Reader,
  { after, before }: FindHoldsDto,
): Promise<readonly FoundHoldDto[]> {
  const rows = await database.query<Omit<FoundHoldDto, 'placed_at'> & { placed_at: Date }>(FOUND, [
    after,
    before,
    MOST_COMPARED,
  ]);
  return rows.map((row) => ({
    ...row,
    amount: addDecimals(row.amount, '0'),
    placed_at: row.placed_at.toISOString(),
  }));
}

/** Holds from before have left with their detached months. */
async function detachedBefore(database: Reader): Promise<string | null> {
  const [row] = await database.query<{ until: Date | null }>(
    'SELECT max(until) AS until FROM checkpoint',
    [],
  );
  return row?.until?.toISOString() ?? null;
}

/** Removes trailing zeros, kept by PostgreSQL numerics. */
function shortest(amount: string | null): string | null {
  return amount === null ? null : addDecimals(amount, '0');
}

const HOLDS = `
  SELECT h.withdrawal_id, h.account_id, h.asset, h.amount, h.state, coalesce(h.venue, h.assigned_to, h.policy_detail -> 'approval' ->> 'venue') AS venue, h.captured, h.fee, coalesce(h.venue_fee, k.amount) AS venue_fee, r.amount AS returned
    FROM hold h LEFT JOIN entry_key k ON k.kind = 'venue_fee' AND k.subject = h.withdrawal_id AND k.reference = ''
    LEFT JOIN entry_key r ON r.kind = 'return' AND r.subject = h.withdrawal_id AND r.reference = ''
   WHERE h.withdrawal_id = ANY ($1::uuid[])`;

const FOUND = `
  SELECT withdrawal_id, account_id, asset, amount, state, coalesce(venue, assigned_to, policy_detail -> 'approval' ->> 'venue') AS venue, digest, reference, decided_at AS placed_at FROM hold
   WHERE withdrawal_id > $1::uuid AND withdrawal_id < $2::uuid AND state IN ('placed', 'captured') ORDER BY withdrawal_id LIMIT $3`;
