import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, AnswersList, FreezeInForceDto, Requires, ROLES } from '@sluice/http-api';
import { Freezes } from './freezes.js';

@AdminController('freezes')
export class FreezesController {
  constructor(private readonly freezes: Freezes) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({ summary: 'Freezes that are in force, of all accounts, oldest first' })
  @AnswersList(FreezeInForceDto)
  list(): Promise<FreezeInForceDto[]> {
    return this.freezes.inForce();
  }
}
