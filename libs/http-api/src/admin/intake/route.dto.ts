import {
  ChoiceField,
  DecimalField,
  NestedListField,
  PatternField,
  TextListField,
  WholeNumberField,
} from '../../http/fields.js';
import { upperCase } from '@sluice/kernel';

const VENUE_STATES = ['on', 'paused', 'closing'] as const;
const DESTINATION_TYPES = ['address', 'venue_account', 'reference_account'] as const;

const CODE = /^[A-Z0-9][A-Z0-9_-]{0,31}$/;
const MAX_DECIMALS = 30;
const MAX_MS = 2_147_483_647;
const isDestinationType = (text: string): boolean =>
  DESTINATION_TYPES.some((known) => known === text);

/** Venue of a route, in the operator's request. */
export class RouteVenueDto {
  @PatternField(/^[a-z0-9_-]{1,32}$/, 'a venue of this system') venue!: string;
  @TextListField(
    { isGood: isDestinationType, expected: `one of ${DESTINATION_TYPES.join(', ')}`, min: 1 },
    { description: 'kinds of destination that it gets' },
  )
  pays!: readonly (typeof DESTINATION_TYPES)[number][];
  @ChoiceField(VENUE_STATES, { optional: true, description: 'default on' })
  state?: (typeof VENUE_STATES)[number] | null;
  @DecimalField({}, { optional: true }) min_amount?: string | null;
  @DecimalField({}, { optional: true }) max_amount?: string | null;
  @WholeNumberField(
    { min: 0, max: MAX_DECIMALS },
    { optional: true, description: 'most decimals that it pays; null: those of the currency' },
  )
  decimals?: number | null;
  @DecimalField({}, { optional: true }) fee_percent?: string | null;
  @DecimalField({}, { optional: true }) fee_flat?: string | null;
  @WholeNumberField(
    { min: 1, max: MAX_MS },
    { optional: true, description: 'default one hour; null: no limit' },
  )
  submit_within_ms?: number | null;
}

/** A route to be set, and its venues as the operator has read them. The order of a list is the order of preference. */
export class SetRouteDto {
  @PatternField(CODE, 'a code', { read: upperCase }) currency!: string;
  @PatternField(CODE, 'a code', { read: upperCase }) network!: string;
  @NestedListField(() => RouteVenueDto) was!: readonly RouteVenueDto[];
  @NestedListField(() => RouteVenueDto) venues!: readonly RouteVenueDto[];
}

/** Venues paying a currency on a network, in order of preference, each with all fields. */
export class RouteDto {
  @PatternField(CODE, 'a code') currency!: string;
  @PatternField(CODE, 'a code') network!: string;
  @NestedListField(() => RouteVenueDto) venues!: readonly Required<RouteVenueDto>[];
}
