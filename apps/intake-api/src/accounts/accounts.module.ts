import { Module } from '@nestjs/common';
import { AccountStore } from './account-store.js';
import { AccountsController } from './accounts.admin.controller.js';

@Module({
  controllers: [AccountsController],
  providers: [AccountStore],
  exports: [AccountStore],
})
export class AccountsModule {}
