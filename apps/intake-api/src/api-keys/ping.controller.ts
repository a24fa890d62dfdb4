import { Get } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import { Answers } from '@sluice/http-api';
import { TakesAnyQuery } from '../http/public-routes.js';
import { PublicController } from './public-controller.js';
import { RequiresPermission } from './authenticated-request.js';

class PingDto {
  @ApiProperty({ type: Boolean }) pong!: true;
}

@PublicController('v1/_ping')
export class PingController {
  @Get()
  @RequiresPermission(null)
  @TakesAnyQuery()
  @ApiOperation({ operationId: 'ping', summary: 'Check a signature, and nothing else' })
  @Answers(PingDto)
  ping(): PingDto {
    return { pong: true };
  }
}
