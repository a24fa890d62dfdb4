import { Get, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty } from '@nestjs/swagger';
import {
  AnswersNumberedPage,
  ChoiceField,
  ClientReferenceField,
  NumberedPageOf,
  PatternField,
  RefuseMisspelt,
  WEBHOOK_EVENTS,
} from '@sluice/http-api';
import { Caller, RequiresPermission } from '../api-keys/authenticated-request.js';
import type { ApiKey } from '../api-keys/key-store.js';
import { MayRefuse, Ours } from '../http/may-refuse.js';
import { PublicController } from '../api-keys/public-controller.js';
import { meantOfList, MomentField, momentOf } from '../withdrawals/listing/listing.dto.js';
import { PageQuery } from './delivery.dto.js';
import { WebhooksClient } from './webhooks-client.js';

/** An unknown or empty filter is refused: a list without the filter would answer another question. */
@RefuseMisspelt(meantOfList)
class EventsQuery extends PageQuery {
  @ChoiceField(WEBHOOK_EVENTS, { optional: true }) event?: string;
  @PatternField(/^[1-9]\d{0,15}$/, 'the id of a withdrawal', {
    optional: true,
    schema: { type: 'integer', minimum: 1, pattern: undefined },
  })
  withdrawal_id?: string;
  @ClientReferenceField({ optional: true }) client_reference?: string;
  @MomentField('scheduled then or later') created_since?: string;
  @MomentField('scheduled before then') created_before?: string;
}

/** Body as sent to webhooks, with the event's own id. */
class EventDto {
  @ApiProperty({
    type: 'integer',
    description: 'id of the event; each delivery of the event has a separate id',
  })
  id!: number;
  @ApiProperty({ example: 'withdrawal.confirmed' }) event!: string;
  @ApiProperty({ example: '2026-05-16T22:00:00Z' }) created_at!: string;
  @ApiProperty({ example: '1' }) api_version!: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  data!: Readonly<Record<string, unknown>>;
}

/** Events of the caller's account, including events not sent to any webhook. */
@PublicController('v1/events')
export class EventsController {
  constructor(private readonly webhooks: WebhooksClient) {}

  @Get()
  @RequiresPermission('manage_webhooks')
  @Ours()
  @ApiOperation({
    operationId: 'listEvents',
    summary: 'List the events of the account',
    description:
      'Newest first, with the bodies of the webhooks. Pass `next_cursor` of the response as `cursor` of the next request.',
  })
  @AnswersNumberedPage(EventDto)
  @MayRefuse('not_found')
  async list(
    @Query() { created_since, created_before, ...query }: EventsQuery,
    @Caller() { accountId: account }: ApiKey,
  ): Promise<NumberedPageOf<EventDto>> {
    const [since, before] = [momentOf(created_since), momentOf(created_before)];
    const { data, next_cursor: next } = await this.webhooks.events({
      ...query,
      account,
      ...(since && { since: since.toISOString() }),
      ...(before && { before: before.toISOString() }),
    });
    return new NumberedPageOf([...data], next === null ? null : Number(next));
  }
}
