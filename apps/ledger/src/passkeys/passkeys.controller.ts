import { Body, Get, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import {
  AdminController,
  Answers,
  AnswersList,
  AwaitedDto,
  CallerOf,
  PasskeyDto,
  PasskeyOptionsDto,
  Refuses,
  RegisterPasskeyDto,
  Requires,
  RevokePasskeyDto,
  ROLES,
  type Caller,
} from '@sluice/http-api';
import { RegisterPasskey } from './register-passkey.js';

@AdminController('passkeys')
export class PasskeysController {
  constructor(private readonly registering: RegisterPasskey) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Passkeys of the approvers, also revoked ones' })
  @AnswersList(PasskeyDto)
  passkeys(): Promise<PasskeyDto[]> {
    return this.registering.list();
  }

  @Get('options')
  @Requires('approve')
  @ApiOperation({ summary: 'Options for the browser of the caller, valid for ten minutes' })
  @Answers(PasskeyOptionsDto)
  passkeyOptions(@CallerOf() caller: Caller): Promise<PasskeyOptionsDto> {
    return this.registering.options(caller);
  }

  @Post()
  @Requires('approve')
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
