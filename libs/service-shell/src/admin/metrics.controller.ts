import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ServedAt } from '@sluice/http-api';
import { register } from 'prom-client';

@ApiExcludeController()
@ServedAt('internal')
@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('content-type', register.contentType)
  report(): Promise<string> {
    return register.metrics();
  }
}
