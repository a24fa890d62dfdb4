import { Controller, Get, Header, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ServedAt } from '@sluice/http-api';
import { register } from 'prom-client';
import { MetricsGuard } from './metrics.guard.js';

@ApiExcludeController()
@ServedAt('internal')
@UseGuards(MetricsGuard)
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  report(): Promise<string> {
    return register.metrics();
  }
}
