import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  KeepsOwnRecord,
  Refuses,
  Requires,
  TransferTrialDto,
  TryTransferDto,
} from '@sluice/http-api';
import { TransferTrials } from '../sending/transfer-trials.js';

const LONGEST_MESSAGE = 1_000;

/** Answers intake-api before a hold is placed: whether the wallet would make a transfer. */
@AdminController('transfers')
export class TransferTrialsController {
  constructor(private readonly trials: TransferTrials) {}

  /** A trial changes no data, therefore the audit log records only refused callers. */
  @Post('trial')
  @Requires('service:intake-api')
  @KeepsOwnRecord()
  @ApiOperation({ summary: 'Whether a transfer would be made now, within the limit of its gas' })
  @Answers(TransferTrialDto)
  @Refuses()
  async try(@Body() asked: TryTransferDto): Promise<TransferTrialDto> {
    const trial = await this.trials.of({
      accountId: asked.account_id,
      asset: asked.asset,
      toAddress: asked.to_address,
      amount: asked.amount,
    });
    return {
      outcome: trial.kind,
      reason: trial.kind === 'refused' ? trial.reason : null,
      message: trial.kind === 'works' ? null : trial.message.slice(0, LONGEST_MESSAGE),
    };
  }
}
