import { Body, Get, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  AwaitedDto,
  CallerOf,
  PasskeyDto,
  PasskeyOptionsDto,
  PasskeyVouchersDto,
  PasskeyVouchersParams,
  Refuses,
  RegisterPasskeyDto,
  Requires,
  RevokePasskeyDto,
  ROLES,
  type Caller,
} from '@sluice/http-api';
import { RegisterPasskey } from './register-passkey.js';
import { Vouchers } from './vouchers.js';

@AdminController('passkeys')
export class PasskeysController {
  constructor(
    private readonly registering: RegisterPasskey,
    private readonly vouching: Vouchers,
  ) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Passkeys of all people, also revoked ones' })
  @AnswersList(PasskeyDto)
  passkeys(): Promise<PasskeyDto[]> {
    return this.registering.list();
  }

  @Get('options')
  @Requires('operate', 'approve', 'administer')
  @ApiOperation({ summary: 'Options for the browser of the caller, valid for ten minutes' })
  @Answers(PasskeyOptionsDto)
  passkeyOptions(@CallerOf() caller: Caller): Promise<PasskeyOptionsDto> {
    return this.registering.options(caller);
  }

  @Get('vouchers/:service')
  @Requires('operate', 'approve', 'administer')
  @ApiOperation({
    summary: "Vouchers of the caller's usable passkeys for one service, valid for five minutes",
  })
  @Answers(PasskeyVouchersDto)
  @Refuses({ 404: 'the ledger shares no key with the service' })
  passkeyVouchers(
    @Param() { service }: PasskeyVouchersParams,
    @CallerOf() caller: Caller,
  ): Promise<PasskeyVouchersDto> {
    return this.vouching.list(service, caller);
  }

  @Post()
  @Requires('operate', 'approve', 'administer')
  @ApiOperation({
    summary:
      'Registers a passkey of the caller. Requires a second person, and counts after the waiting time',
  })
  @Answers(AwaitedDto)
  @Refuses({
    409: 'the passkey is registered, or waits for a second person',
    422: 'the browser’s answer is not valid',
  })
  registerPasskey(
    @Body() { registration }: RegisterPasskeyDto,
    @CallerOf() caller: Caller,
  ): Promise<AwaitedDto> {
    return this.registering.run(registration, caller);
  }

  @Post('revoke')
  @Requires('administer', 'approve')
  @ApiOperation({ summary: 'Revokes a passkey at once, and for good' })
  @Answers(PasskeyDto)
  @Refuses({ 404: 'no such passkey' })
  revokePasskey(
    @Body() { credential_id }: RevokePasskeyDto,
    @CallerOf() caller: Caller,
  ): Promise<PasskeyDto> {
    return this.registering.revoke(credential_id, caller);
  }
}
