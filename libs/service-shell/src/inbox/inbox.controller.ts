import { Get } from '@nestjs/common';
import {
  AdminController,
  AnswersList,
  InboxItemDto,
  ReadOften,
  Requires,
  ROLES,
} from '@sluice/http-api';
import { Inbox } from './inbox.js';

/** Everything at this service that waits for people. */
@AdminController('inbox')
export class InboxController {
  constructor(private readonly inbox: Inbox) {}

  /** Oldest first, at most 100 of each kind. */
  @Get()
  @Requires(...ROLES)
  @ReadOften()
  @AnswersList(InboxItemDto)
  inboxItems(): Promise<InboxItemDto[]> {
    return this.inbox.items();
  }
}
