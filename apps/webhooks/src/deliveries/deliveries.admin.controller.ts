import { Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  AdminController,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryParams,
  Refuses,
  Requires,
  ROLES,
} from '@sluice/admin-api';
import { Answers } from '@sluice/http-api';
import { RequeueDeliveries } from './requeue-deliveries.js';
import { ShowDeliveries } from './show-deliveries.js';

/** Single deliveries, by the number that their receivers see. */
@AdminController('deliveries')
export class DeliveriesController {
  constructor(
    private readonly showing: ShowDeliveries,
    private readonly requeueing: RequeueDeliveries,
  ) {}

  /** With its bytes and every attempt, the oldest first. */
  @Get(':id')
  @Requires(...ROLES)
  @Answers(DeliveryHistoryDto)
  @Refuses({ 404: 'no such delivery' })
  show(@Param() { id }: DeliveryParams): Promise<DeliveryHistoryDto> {
    return this.showing.show(id);
  }

  /** Whatever its status: the same bytes, with all attempts anew. */
  @Post(':id/requeue')
  @HttpCode(200)
  @Requires('operate')
  @Answers(DeliveryDto)
  @Refuses({ 404: 'no such delivery', 409: 'it is being sent, or its webhook is deleted' })
  async requeue(@Param() { id }: DeliveryParams): Promise<DeliveryDto> {
    await this.requeueing.requeue(id);
    const { body: _body, attempts: _attempts, ...delivery } = await this.showing.show(id);
    return delivery;
  }
}
