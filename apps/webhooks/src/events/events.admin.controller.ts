import { Get, Query, UseInterceptors } from '@nestjs/common';
import {
  AccountEventDto,
  AccountEventsQuery,
  AdminController,
  AnswersPage,
  type PageOf,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { CustomerScopeInterceptor } from '../customers/customer-scope.interceptor.js';
import { ShowEvents } from './show-events.js';

/** Events of accounts, for operators, and for intake-api on behalf of customers. */
@AdminController('events')
@UseInterceptors(CustomerScopeInterceptor)
export class EventsController {
  constructor(private readonly showing: ShowEvents) {}

  /** Lists the events of an account, newest first. */
  @Get()
  @Requires(...ROLES, 'service:intake-api')
  @AnswersPage(AccountEventDto)
  list(@Query() query: AccountEventsQuery): Promise<PageOf<AccountEventDto>> {
    return this.showing.list(query);
  }
}
