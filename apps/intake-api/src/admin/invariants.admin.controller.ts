import { Controller, Get, Inject } from '@nestjs/common';
import { checkInvariants, type Database } from '@sluice/postgres';
import { objectEnvelope } from '../http/envelope.js';
import { DATABASE } from '../tokens.js';

const FOLDER = new URL('../postgres/invariants/', import.meta.url);

/** Everything this service's database must satisfy at any moment; each query answers the rows that do not. */
@Controller('internal/invariants')
export class InvariantsAdminController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get()
  async check() {
    return objectEnvelope(await checkInvariants(this.database, FOLDER));
  }
}
