import { Controller, Get, Inject } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import { success, type Success } from './answers.js';

@Controller('internal/invariants')
export class InvariantsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  async check(): Promise<Success<InvariantReport>> {
    return success(await checkInvariants((sql, params) => this.database.query(sql, params)));
  }
}
