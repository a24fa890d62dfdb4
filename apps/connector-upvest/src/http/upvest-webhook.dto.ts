import { Field } from '@sluice/http-api';

/**
 * Package of webhook events. `withdrawalsIn` validates each event: a malformed event must not block
 * the other events.
 */
export class UpvestWebhookDto {
  @Field({
    check: (value) => (Array.isArray(value) ? null : 'Input should be a list'),
    schema: { type: 'array', items: { type: 'object' } },
  })
  payload!: readonly unknown[];
}
