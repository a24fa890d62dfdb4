import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, Answers, ReadOften, Requires, ROLES, VenueDto } from '@sluice/http-api';
import { VenueView } from './venue-view.js';

@AdminController('venue')
export class VenueController {
  constructor(private readonly view: VenueView) {}

  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @ApiOperation({
    summary: 'Balances, remaining ceilings, last answer, pauses and queues of this venue',
  })
  @Answers(VenueDto)
  venue(): Promise<VenueDto> {
    return this.view.read();
  }
}
