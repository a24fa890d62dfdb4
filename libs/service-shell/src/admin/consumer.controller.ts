import { Get, Inject } from '@nestjs/common';
import {
  AdminController,
  Answers,
  ConsumerDto,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import type { ConsumerStatus } from '../metrics/kafka-gauges.js';
import { CONSUMER_STATUS } from '../settings/tokens.js';
import { consumption } from './consumption.js';

@AdminController('kafka')
export class ConsumerController {
  constructor(@Inject(CONSUMER_STATUS) private readonly consumer: ConsumerStatus) {}

  /** Returns the records that wait for this process, by topic, as counted within the last 15 seconds. */
  @Get('consumer')
  @Requires(...ROLES)
  @ReadOften()
  @Answers(ConsumerDto)
  consumption(): ConsumerDto {
    return consumption(this.consumer);
  }
}
