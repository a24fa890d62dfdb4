import { Body, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  KeepsOwnRecord,
  Refuses,
  Requires,
} from '@sluice/http-api';
import {
  ClosedWithdrawalDto,
  GivenNonceDto,
  SIGNER_REFUSALS,
  SignatureDto,
  SignatureRequestDto,
  WithdrawalIdsDto,
} from '@sluice/signer-api';
import { ClosedWithdrawals } from './closed-withdrawals.js';
import { GivenNonces } from './given-nonces.js';
import { countAnswer } from './signature-metrics.js';
import { Signatures } from './signatures.js';

/** Endpoints for the wallet's connector only. */
@AdminController('signatures')
export class SignaturesController {
  constructor(
    private readonly signatures: Signatures,
    private readonly givenNonces: GivenNonces,
    private readonly closed: ClosedWithdrawals,
  ) {}

  @Post()
  @Requires('service:connector-evm')
  @KeepsOwnRecord()
  @Refuses({
    403: 'the request is never signed: a receipt is missing, a cap is exceeded, or the recipient is refused',
    409: 'it is not signed as things are: the nonce is somebody else’s, the hour is full, or the records were altered',
    422: 'the chain, the asset or the recipient is not known here',
  })
  @Answers(SignatureDto)
  async sign(@Body() request: SignatureRequestDto): Promise<SignatureDto> {
    const signed = await this.signatures.sign(request);
    countAnswer(request.kind, signed.ok ? 'signed' : signed.refusal);
    if (signed.ok) return signed.value;
    const [status, message] = SIGNER_REFUSALS[signed.refusal];
    throw new ApiError(status, message);
  }

  @Post('search')
  @Requires('service:connector-evm')
  @KeepsOwnRecord()
  @ApiOperation({ summary: 'The nonces that withdrawals have, with all that was signed for them' })
  @Refuses({ 409: 'the records of signed nonces were altered' })
  @AnswersList(GivenNonceDto)
  search(@Body() { withdrawal_ids }: WithdrawalIdsDto): Promise<readonly GivenNonceDto[]> {
    return this.givenNonces.of(withdrawal_ids);
  }

  @Post('closed')
  @Requires('service:connector-evm')
  @KeepsOwnRecord()
  @ApiOperation({
    summary: 'Signs no payment of these withdrawals any more, and states that for the ledger',
  })
  @Refuses({ 409: 'the records of signed nonces were altered' })
  @AnswersList(ClosedWithdrawalDto)
  close(@Body() { withdrawal_ids }: WithdrawalIdsDto): Promise<readonly ClosedWithdrawalDto[]> {
    return this.closed.close(withdrawal_ids);
  }
}
