import { randomUUIDv7 } from 'node:crypto';
import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  type CommandAgainDto,
  CompareHoldsDto,
  FindHoldsDto,
  FoundHoldDto,
  HoldsComparedDto,
  KeepsOwnRecord,
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
import type { TopicCommand } from '../wire/ledger-command.js';
import { orderFault } from '../commands/order-fault.js';
import { TimeAndIds } from '../commands/time-and-ids.js';
import { CompareHeads } from '../hash-chain/compare-heads.js';
import { HeadSigner } from '../hash-chain/head-signer.js';
import { headsNow } from '../hash-chain/lost-heads.js';
import { comparedHolds, detachedBefore, foundHolds } from './compared-holds.js';

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
  async compare(@Body() { heads, withdrawals }: CompareHoldsDto): Promise<HoldsComparedDto> {
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
  found(@Body() range: FindHoldsDto): Promise<readonly FoundHoldDto[]> {
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
  async again(@Body() { withdrawals }: SendAgainDto): Promise<SentAgainDto[]> {
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
