import type { RouteDto, RouteVenueDto, VenueAssetDto } from '@sluice/http-api';
import { EXAMPLE_VENUE } from '@sluice/kernel';
import { connectorOf } from '@sluice/messages';
import { CliError, nearest, type Row, usageError } from '../errors/errors.js';
import { command } from '../language/command.js';
import { defined, word } from '../language/usage.js';
import { table } from '../render/table.js';
import type { Style } from '../render/text.js';
import { assetOf, feeText, isOf } from './terms.js';

export const ROUTES = [
  command('route list [--currency C] [--network N]', {
    help: 'lists the venues of each asset, in the order of preference',
    example: '--currency USDT',
    call: async (given, { intake }) => (await intake.routes()).filter(isOf(given)),
    text: (routes, style) => routeTable(routes, style),
  }),
  command(
    'route set --currency C --network N [--order V,…] [--venue V] [--pays T,…] [--state on|paused|closing] [--min A|none] [--max A|none] [--decimals 0..30|none] [--fee-percent P|none] [--fee-flat A|none] [--submit-within 0..2147483|none] [--remove]',
    {
      help: `changes a route: the order of its venues, or one of them; for every instance at once
        --order: venues by preference; the other venues come after
        --venue: the venue that the following options change; a new venue is added at the end
        --pays: kinds of destination: address, venue_account, reference_account
        --state: paused: gets nothing for now; closing: gets nothing any more. Both finish what they have
        --submit-within: seconds in which it has to begin before the next venue gets the withdrawal
        --remove: takes the venue out of the route
        The value none removes a limit, or restores the price of the currency. Withdrawals accepted by a venue stay there.
        A route changed by another person at the same moment is not set: run the command again.`,
      example: `--currency USDT --network ETH --venue ${EXAMPLE_VENUE} --state paused`,
      call: async ({ order = [], venue, remove, ...given }, { intake }) => {
        const seconds = given.submit_within;
        const fields: Partial<RouteVenueDto> = defined({
          pays: given.pays?.map(word<RouteVenueDto['pays'][number]>),
          state: given.state,
          min_amount: given.min,
          max_amount: given.max,
          decimals: given.decimals,
          fee_percent: given.fee_percent,
          fee_flat: given.fee_flat,
          submit_within_ms: typeof seconds === 'number' ? seconds * 1000 : seconds,
        });
        const isOfVenue = Object.keys(fields).length > 0 || remove;
        if (isOfVenue && venue === undefined)
          throw usageError('--venue is missing: it selects the venue to change');
        if (!isOfVenue && order.length === 0)
          throw usageError('nothing is to be changed: give --order, or --venue and its changes');
        const asset = assetOf(given);
        const was = (await intake.routes()).find(isOf(asset))?.venues ?? [];
        const venues = changedVenues(was, { order, venue, fields, remove });
        return intake.setRoute({ ...asset, was, venues });
      },
      text: (route, style) => routeTable([route], style),
    },
  ),
  command('asset list --venue V', {
    help: 'lists the assets of a connector, with the names of its venue and the limits',
    call: ({ venue }, services) => services.connector(venue).assets(),
    text: (assets, style) => assetTable(assets, style),
  }),
  command(
    'asset add --venue V --currency C --network N [--code TEXT] [--worth-eur A|none] [--active yes|no]',
    {
      help: `lets a connector pay a currency on a network that no release knows, or no more
        --code: the venue's name of it: the chain, or at bitmart the currency on it; it never changes
        --active: no: the connector accepts no new order; default yes
        Do it before the currency is on a route: a connector refuses an unknown currency.`,
      example: `--venue ${EXAMPLE_VENUE} --currency PEPE --network BASE --code BASEEVM --worth-eur 0.00002`,
      call: async ({ venue, worth_eur, active = true, ...given }, services) => {
        const connector = services.connector(venue);
        const asset = assetOf(given);
        const added = (await connector.assets()).filter(({ built_in }) => !built_in);
        const now = added.find(isOf(asset));
        const code = given.code ?? now?.code;
        if (typeof code !== 'string')
          throw usageError('--code is missing: what does the venue call it?');
        return connector.setAsset({
          ...asset,
          code,
          after_version: now?.version ?? null,
          active,
          unit_worth_eur: worth_eur === undefined ? (now?.unit_worth_eur ?? null) : worth_eur,
        });
      },
      approval: ({ venue }) => connectorOf(venue),
      text: (asset, style) => assetTable([asset], style),
    },
  ),
];

const ROUTE: string =
  'asset, position:right as #, venue, state:state, pays, min_amount:right as min, max_amount:right as max, fee:right, decimals:right, within:right as begins within';

/** A line for each venue; a route without venues is a line, too. */
function routeTable(routes: readonly RouteDto[], style: Style): string {
  const lines = routes.flatMap(({ currency, network, venues }): readonly Row[] => {
    const asset = `${currency}.${network}`;
    if (venues.length === 0) return [{ asset, venue: 'none' }];
    return venues.map((venue, index) => {
      const { fee_percent: percent, fee_flat: flat, submit_within_ms: within } = venue;
      return {
        ...venue,
        asset,
        position: index + 1,
        fee: feeText(percent, flat) ?? "currency's",
        within: within === null ? 'no limit' : `${within / 1000} s`,
      };
    });
  });
  return table(ROUTE, lines, style, 'there is no route: no venue pays anything');
}

function assetTable(assets: readonly VenueAssetDto[], style: Style): string {
  return table(
    "currency.network as asset, since, code as venue's name, active, most_by_call:right, most_by_hour:right as by hour, most_by_day:right as by day, unit_worth_eur:right as EUR each, requested_by as asked by, approved_by",
    assets.map((asset) => ({ ...asset, since: asset.built_in ? 'built in' : asset.recorded_at })),
    style,
    'it pays nothing',
  );
}

/** Changes to a route; other values stay. */
export interface RouteChange {
  /** Venues in order of preference; unnamed venues follow in their present order. */
  readonly order: readonly string[];
  /** Venue changed by `fields`. A venue new to the route is added at the end. */
  readonly venue: string | undefined;
  readonly fields: Partial<Omit<RouteVenueDto, 'venue'>>;
  /** Takes the venue out. */
  readonly remove: boolean;
}

/**
 * Returns the venues of a route after a change. Throws a CliError for a required venue missing in
 * the route.
 */
export function changedVenues(
  venues: readonly RouteVenueDto[],
  { order, venue, fields, remove }: RouteChange,
): readonly RouteVenueDto[] {
  if (remove) requireKnown(venue ?? '', venues);
  const isNew = venue !== undefined && venues.every((row) => row.venue !== venue);
  const changed = [
    ...venues.flatMap((row) => {
      if (row.venue !== venue) return [row];
      return remove ? [] : [{ ...row, ...fields }];
    }),
    ...(isNew ? [{ pays: [], ...fields, venue }] : []),
  ];
  for (const name of order) requireKnown(name, changed);
  const rank = ({ venue: name }: RouteVenueDto) =>
    order.includes(name) ? order.indexOf(name) : order.length;
  return changed.toSorted((a, b) => rank(a) - rank(b));
}

function requireKnown(name: string, venues: readonly RouteVenueDto[]): void {
  const known = venues.map(({ venue }) => venue);
  if (known.includes(name)) return;
  const hint =
    known.length === 0
      ? 'it has none'
      : `did you mean ${nearest(name, known)}? (it has ${known.join(', ')})`;
  throw new CliError(`the route has no venue ${name}; ${hint}`, 2);
}
