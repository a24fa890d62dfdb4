import { Module } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { PasskeysModule } from '../passkeys/passkeys.module.js';
import { PoliciesModule } from '../policy/policies.module.js';
import { DecidePayment } from './decide-payment.js';
import { ListPayments, PaymentApprovalsController } from './payment-approvals.controller.js';

@Module({
  imports: [CommandsModule, PasskeysModule, PoliciesModule],
  controllers: [PaymentApprovalsController],
  providers: [DecidePayment, ListPayments],
})
export class PaymentApprovalsModule {}
