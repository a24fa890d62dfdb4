import { ApiError } from '@sluice/http-api';
import type { DecisionRefusal } from './decisions.js';

/** Maps a refused decision to the API error. */
export function decisionRefusal(refusal: DecisionRefusal): ApiError {
  switch (refusal.kind) {
    case 'no_such_submission':
      return ApiError.notFound('No submission of this withdrawal');
    case 'nothing_to_decide':
      return ApiError.conflict(`It is ${refusal.state}: there is nothing to decide`);
    case 'venue_reference_missing':
      return ApiError.invalid([
        'venue_reference: a decision that it was paid has to name the record of the venue',
      ]);
    case 'amount_not_returnable':
      return ApiError.invalid([`amount: more than zero, and at most the paid ${refusal.paid}`]);
    case 'venue_reference_taken':
      return ApiError.conflict(
        "That record belongs to another withdrawal. Where two have got each other's, each is decided as paid without venue_reference",
      );
    case 'too_early':
      return ApiError.conflict(
        `The venue may still act on the request. Absence can be decided from ${refusal.from.toISOString()} on, by the venue's clock`,
      );
    case 'not_at_venue':
      return ApiError.conflict('The venue does not list that record');
    case 'does_not_fit':
      return ApiError.conflict(
        `That record is not this payment: ${refusal.differences.join('; ')}`,
      );
    case 'listed':
      return ApiError.conflict(
        `The venue lists the payment ${refusal.venueReference} with the terms of this order: decide that it was paid, with this venue_reference`,
      );
    case 'venue_time_unknown':
    case 'venue_not_asked':
      return new ApiError(
        503,
        `The decision is not possible now, because the venue cannot be queried: ${refusal.cause}`,
      );
  }
}
