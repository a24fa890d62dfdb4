import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AddSignerDto,
  AdminController,
  Answers,
  AnswersList,
  ApiError,
  AwaitedDto,
  type Caller,
  CallerOf,
  LedgerAccountParams,
  OrderCaseDto,
  Refuses,
  ReadOften,
  Requires,
  RevokeSignerDto,
  ROLES,
  SignerDto,
} from '@sluice/http-api';
import { Database } from '@sluice/postgres';
import { isIntakePublicKey } from '@sluice/signing';
import { Signers } from './signers.js';

@AdminController('accounts/:account_id/signers')
export class SignersController {
  constructor(private readonly store: Signers) {}

  @Get()
  @Requires(...ROLES, 'service:intake-api')
  @ApiOperation({ summary: 'Whose signature its orders need, each change, oldest first' })
  @AnswersList(SignerDto)
  @Refuses()
  signers(@Param() { account_id }: LedgerAccountParams): Promise<SignerDto[]> {
    return this.store.list(account_id);
  }

  @Post()
  @Requires('administer', 'approve')
  @ApiOperation({
    summary:
      'Adds a public key of the customer. From the first key on, permanently, the account accepts only orders signed with one of its keys. Requires two people',
  })
  @Answers(SignerDto, AwaitedDto)
  @Refuses({
    404: 'no such account',
    409: 'the key was added before, here or to another account, or the same person repeated the request',
    422: 'this is no Ed25519 public key',
  })
  addSigner(
    @Param() { account_id: accountId }: LedgerAccountParams,
    @Body() { key_id: keyId, public_key: publicKey }: AddSignerDto,
    @CallerOf() caller: Caller,
  ): Promise<SignerDto | AwaitedDto> {
    if (!isIntakePublicKey(publicKey))
      throw ApiError.invalid(['public_key: Input should be an Ed25519 public key: SPKI in base64']);
    return this.store.add({ accountId, keyId, publicKey }, caller);
  }

  @Post('revoke')
  @Requires('administer')
  @ApiOperation({ summary: 'From now on this key signs nothing; at once, and for good' })
  @Answers(SignerDto)
  @Refuses({ 404: 'no such account, or no such signer of it' })
  revokeSigner(
    @Param() { account_id: accountId }: LedgerAccountParams,
    @Body() { public_key: publicKey }: RevokeSignerDto,
    @CallerOf() caller: Caller,
  ): Promise<SignerDto> {
    return this.store.revoke(accountId, publicKey, caller);
  }
}

@AdminController('order-cases')
export class OrderCasesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({
    summary: 'Orders without a valid signature of the customer, each with its fault, newest first',
  })
  @AnswersList(OrderCaseDto)
  orderCases(): Promise<OrderCaseDto[]> {
    return this.database.query<OrderCaseDto>(
      `SELECT withdrawal_id, account_id, detail, to_json(opened_at) #>> '{}' AS opened_at FROM order_case
        ORDER BY opened_at DESC, withdrawal_id LIMIT 500`,
    );
  }
}
