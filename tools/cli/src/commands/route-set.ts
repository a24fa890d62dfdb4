import type { RouteVenueDto } from '@sluice/admin-api';
import type { IntakeAdmin } from '@sluice/admin-client';
import { changedVenues, type RouteChange } from '../change-route.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { routeTable } from '../render/route-table.js';

const STATES = ['on', 'paused', 'closing'] as const;
const LONGEST_SECONDS = 2_147_483;
const MOST_DECIMALS = 30;
const NONE = 'none';

export const routeSet: Command = {
  name: 'route set',
  summary: 'changes a route: the order of its venues, or one of them; for every instance at once',
  operands: [],
  options: [
    { name: 'currency', value: 'C', help: 'of the route, e.g. USDT', required: true },
    { name: 'network', value: 'N', help: 'of the route, e.g. ETH', required: true },
    { name: 'order', value: 'V,…', help: 'venues by preference; those not named come after' },
    {
      name: 'venue',
      value: 'V',
      help: 'the venue that the following are about; a new one is added at the end',
    },
    {
      name: 'pays',
      value: 'T,…',
      help: 'kinds of destination: address, venue_account, reference_account',
    },
    {
      name: 'state',
      value: 'S',
      help: 'on; paused: gets nothing for now; closing: gets nothing any more. Both finish what they have',
    },
    { name: 'min', value: 'A', help: 'least amount of one withdrawal, or none' },
    { name: 'max', value: 'A', help: 'highest amount of one withdrawal, or none' },
    {
      name: 'decimals',
      value: 'D',
      help: 'most decimals that it pays, or none for those of the currency',
    },
    {
      name: 'fee-percent',
      value: 'P',
      help: "customer's price when it is the first choice, or none for the currency's",
    },
    { name: 'fee-flat', value: 'A', help: 'the same, flat' },
    {
      name: 'submit-within',
      value: 'SECONDS',
      help: 'how long it has to begin before the next venue gets it, or none',
    },
    { name: 'remove', help: 'takes the venue out of the route' },
  ],
  notes: [
    'Withdrawals accepted by a venue stay there. A route changed by another person at the same moment is not set, and the command shows the change: run the command again.',
  ],
  example: 'route set --currency USDT --network ETH --venue bybit --state paused',
  run: async (input, { services }) => {
    const [currency, network] = [
      input.text('currency').toUpperCase(),
      input.text('network').toUpperCase(),
    ];
    const change = changeOf(input);
    const was = await venuesNow(services.intake, currency, network);
    const venues = changedVenues(was, change);
    const route = await services.intake.setRoute({ currency, network, was, venues });
    return { json: route, text: (style) => routeTable([route], style) };
  },
};

/** Returns the current venues; empty for a new route. */
async function venuesNow(
  intake: IntakeAdmin,
  currency: string,
  network: string,
): Promise<readonly RouteVenueDto[]> {
  const routes = await intake.routes();
  const route = routes.find((one) => one.currency === currency && one.network === network);
  return route?.venues ?? [];
}

function changeOf(input: Input): RouteChange {
  const venue = input.optional('venue');
  const change = {
    order: input.words('order') ?? [],
    venue,
    fields: fieldsOf(input),
    remove: input.isSet('remove'),
  };
  const about = Object.keys(change.fields).length > 0 || change.remove;
  if (about && venue === undefined)
    throw usageError('--venue is missing: it selects the venue to change');
  if (!about && change.order.length === 0)
    throw usageError(
      'nothing is to be changed: give --order, or --venue and what is to be different about it',
    );
  return change;
}

function fieldsOf(input: Input): RouteChange['fields'] {
  const seconds = wholeOrNone(input, 'submit-within', LONGEST_SECONDS);
  const fields = {
    pays: input.words<RouteVenueDto['pays'][number]>('pays'),
    state: input.choice('state', STATES),
    min_amount: textOrNone(input, 'min'),
    max_amount: textOrNone(input, 'max'),
    decimals: wholeOrNone(input, 'decimals', MOST_DECIMALS),
    fee_percent: textOrNone(input, 'fee-percent'),
    fee_flat: textOrNone(input, 'fee-flat'),
    submit_within_ms: typeof seconds === 'number' ? seconds * 1000 : seconds,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function textOrNone(input: Input, name: string): string | null | undefined {
  const text = input.optional(name);
  return text === NONE ? null : text;
}

function wholeOrNone(input: Input, name: string, most: number): number | null | undefined {
  return input.optional(name) === NONE ? null : input.integer(name, 0, most);
}
