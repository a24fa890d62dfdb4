import { Get } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { AdminController, AnswersList, OrderCaseDto, Requires, ROLES } from '@sluice/http-api';
import { Database } from '@sluice/postgres';

@AdminController('order-cases')
export class OrderCasesController {
  constructor(private readonly database: Database) {}

  @Get()
  @Requires(...ROLES)
  @ApiOperation({
    summary: 'Orders without a valid signature of the customer, each with its fault, newest first',
  })
  @AnswersList(OrderCaseDto)
  list(): Promise<OrderCaseDto[]> {
    return this.database.query<OrderCaseDto>(
      `SELECT withdrawal_id, account_id, detail, to_json(opened_at) #>> '{}' AS opened_at FROM order_case
        ORDER BY opened_at DESC, withdrawal_id LIMIT 500`,
    );
  }
}
