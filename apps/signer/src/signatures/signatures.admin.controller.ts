import { Body, Post, Req } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  type AdminRequest,
  Answers,
  AnswersList,
  KeepsOwnRecord,
  Refuses,
  Requires,
} from '@sluice/http-api';
import {
  BatchSignatureDto,
  ClosedWithdrawalDto,
  GivenNonceDto,
  SignatureBatchDto,
  SignatureDto,
  SignatureRequestDto,
  WithdrawalIdsDto,
} from '@sluice/signer-api';
import { ClosedWithdrawals, GivenNonces } from './given-nonces.js';
import { SignBatch, signOrRefuse } from './sign-batch.js';
import { Signatures } from './signatures.js';

/** Endpoints for the wallet's connector only. */
@AdminController('signatures')
export class SignaturesController {
  constructor(
    private readonly signatures: Signatures,
    private readonly signBatch: SignBatch,
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
  sign(@Body() request: SignatureRequestDto): Promise<SignatureDto> {
    return signOrRefuse(this.signatures, request);
  }

  @Post('batch')
  @Requires('service:connector-evm')
  @KeepsOwnRecord()
  @ApiOperation({
    summary: 'Signs each request of a list as a separate request, with a separate answer',
  })
  @Refuses({ 413: 'the body is larger than a list of the longest requests' })
  @AnswersList(BatchSignatureDto)
  signAll(
    @Body() batch: SignatureBatchDto,
    @Req() call: AdminRequest,
  ): Promise<readonly BatchSignatureDto[]> {
    return this.signBatch.run(batch, call);
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
