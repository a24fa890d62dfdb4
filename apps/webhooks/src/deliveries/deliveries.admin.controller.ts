import { Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import {
  AdminController,
  Answers,
  AnswersPage,
  DeliveryDto,
  DeliveryHistoryDto,
  DeliveryOwnerQuery,
  DeliveryParams,
  type PageOf,
  ReadOften,
  Refuses,
  Requires,
  ROLES,
  WithdrawalDeliveriesQuery,
  WithdrawalDeliveryDto,
} from '@sluice/http-api';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { RequeueDeliveries, ShowDeliveries } from './deliveries.js';

const INTAKE = 'service:intake-api';

/** Single deliveries, by the number shown to their receivers. */
@AdminController('deliveries')
@UseInterceptors(CustomerScopeInterceptor)
export class DeliveriesController {
  constructor(
    private readonly showing: ShowDeliveries,
    private readonly requeueing: RequeueDeliveries,
  ) {}

  /** Lists the deliveries of a withdrawal's events, newest first. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersPage(WithdrawalDeliveryDto)
  withdrawalDeliveries(
    @Query() query: WithdrawalDeliveriesQuery,
  ): Promise<PageOf<WithdrawalDeliveryDto>> {
    return this.showing.ofWithdrawal(query);
  }

  /** Shows a delivery with the body and every attempt, oldest first. */
  @Get(':id')
  @Requires(...ROLES, INTAKE)
  @Answers(DeliveryHistoryDto)
  @Refuses({ 404: 'no such delivery, or it is another account’s or webhook’s' })
  delivery(
    @Param() { id }: DeliveryParams,
    @Query() owner: DeliveryOwnerQuery,
  ): Promise<DeliveryHistoryDto> {
    return this.showing.show(id, owner);
  }

  /** Requeues a delivery in any status: the same bytes, with all attempts again. */
  @Post(':id/requeue')
  @HttpCode(200)
  @Requires('operate', INTAKE)
  @Answers(DeliveryDto)
  @Refuses({
    404: 'no such delivery, or it is another account’s or webhook’s',
    409: 'the delivery is being sent, or its webhook was deleted',
    429: 'the account sent too many requests in this minute',
  })
  async requeueDelivery(
    @Param() { id }: DeliveryParams,
    @Query() owner: DeliveryOwnerQuery,
  ): Promise<DeliveryDto> {
    await this.requeueing.requeue(id, owner);
    const { body: _body, attempts: _attempts, ...delivery } = await this.showing.show(id);
    return delivery;
  }
}
