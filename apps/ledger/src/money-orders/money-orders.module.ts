import { Module, type DynamicModule } from '@nestjs/common';
import { CommandsModule } from '../commands/commands.module.js';
import { MoneyOrders } from './money-orders.js';
import { OnePersonLimits, type OnePersonSettings } from './one-person-limits.js';

@Module({})
export class MoneyOrdersModule {
  static of(limits: OnePersonSettings): DynamicModule {
    return {
      module: MoneyOrdersModule,
      global: true,
      imports: [CommandsModule],
      providers: [{ provide: OnePersonLimits, useValue: new OnePersonLimits(limits) }, MoneyOrders],
      exports: [MoneyOrders],
    };
  }
}
