import { Module } from '@nestjs/common';
import { Passkeys } from './passkeys.js';
import { PasskeysController } from './passkeys.controller.js';
import { RegisterPasskey } from './register-passkey.js';

@Module({
  controllers: [PasskeysController],
  providers: [Passkeys, RegisterPasskey],
  exports: [Passkeys],
})
export class PasskeysModule {}
