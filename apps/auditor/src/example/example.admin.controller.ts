import { Get, Query } from '@nestjs/common';
import { AdminController, AnswersList, Requires, ROLES } from '@sluice/http-api';
import { ExampleDto, ExampleListQuery } from './example.dto.js';
import { Examples } from './examples.js';

const DEFAULT_LIMIT = 50;

/** What operators see of the examples. */
@AdminController('examples')
export class ExampleAdminController {
  constructor(private readonly examples: Examples) {}

  @Get()
  @Requires(...ROLES)
  @AnswersList(ExampleDto)
  async list(@Query() { limit = DEFAULT_LIMIT }: ExampleListQuery): Promise<ExampleDto[]> {
    return (await this.examples.list(limit)).map(({ id, beganAt, endedAt }) => ({
      id,
      began_at: beganAt.toISOString(),
      ended_at: endedAt?.toISOString() ?? null,
    }));
  }
}
