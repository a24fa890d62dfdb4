import { Module } from '@nestjs/common';
import { Passkeys } from './passkeys.js';
import { PasskeysController } from './passkeys.controller.js';
import { RegisterPasskey } from './register-passkey.js';

/** Passkeys of the people who approve payments. */
@Module({
  controllers: [PasskeysController],
  providers: [Passkeys, RegisterPasskey],
  exports: [Passkeys],
})
export class PasskeysModule {}
