import { Module, type DynamicModule } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { MoneyOrders } from './money-orders.js';
import { OnePersonLimits, type LoweredLimits } from './one-person-limits.js';

/** How money comes into the book, is moved about it and taken back, for every module of the ledger. */
@Module({})
export class MoneyOrdersModule {
  static of(limits: LoweredLimits): DynamicModule {
    return {
      module: MoneyOrdersModule,
      global: true,
      imports: [CommandsModule],
      providers: [{ provide: OnePersonLimits, useValue: new OnePersonLimits(limits) }, MoneyOrders],
      exports: [MoneyOrders],
    };
  }
}
