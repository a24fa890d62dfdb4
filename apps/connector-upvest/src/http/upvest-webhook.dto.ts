import { Field } from '@sluice/http-api';

/** A package of events. What is in each of them is read by `withdrawalsIn`: one that is strange must not hold back the others. */
export class UpvestWebhookDto {
  @Field({
    check: (value) => (Array.isArray(value) ? null : 'Input should be a list'),
    schema: { type: 'array', items: { type: 'object' } },
  })
  payload!: readonly unknown[];
}
