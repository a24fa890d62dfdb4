import { Controller, Get, Inject } from '@nestjs/common';
import { Database } from '@sluice/postgres';
import { inOneSnapshot } from '../hash-chain/prove-book.js';
import { checkInvariants, type InvariantReport } from '../postgres/check-invariants.js';
import { success, type Success } from './responses.js';

@Controller('internal/invariants')
export class InvariantsController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get()
  async check(): Promise<Success<InvariantReport>> {
    return success(await inOneSnapshot(this.database, checkInvariants));
  }
}
