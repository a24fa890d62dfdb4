import { randomUUID } from 'node:crypto';
import type { HaltDto, HaltScope, OpenHaltDto } from '@sluice/admin-api';
import { venueOfConnector } from '@sluice/messages';
import { tried } from '../admin-faults.js';
import { CliError, usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import type { Input } from '../input.js';
import { count, plain } from '../render/columns.js';
import { table, type Column } from '../render/table.js';
import type { Services } from '../services.js';

type OpenedHalt = HaltDto & { readonly service: string };

const COLUMNS: readonly Column<OpenedHalt>[] = [
  plain('service'),
  count('id'),
  plain('scope'),
  plain('target'),
  plain('subject', 'name'),
];
const TARGETS = ['venue', 'asset', 'account', 'key'] as const;

export const haltOpen: Command = {
  name: 'halt open',
  summary:
    'stops a venue, an asset, an account, an API key or everything: nothing new is taken, and nothing that waits is sent, until the halt is lifted',
  operands: [],
  options: [
    { name: 'venue', value: 'V', help: 'the venue to be stopped' },
    { name: 'asset', value: 'A', help: 'the asset to be stopped at every venue, e.g. USDT.ETH' },
    { name: 'account', value: 'ID', help: 'the account to be stopped' },
    { name: 'key', value: 'ID', help: 'the API key to be stopped' },
    { name: 'all', help: 'everything' },
    {
      name: 'because',
      value: 'TEXT',
      help: 'why; shown with each withdrawal that waits for it',
      required: true,
    },
  ],
  notes: [
    'What a venue has already is followed to its end. What waits keeps its deadline: another venue may take it over, where the route has one.',
    'A service that does not answer is not halted: the others are, the exit code is 2, and the command may be repeated.',
  ],
  example: 'halt open --venue gateio --because "their status page reports double payments"',
  run: async (input, { run, services }) => {
    const { scope, target } = haltedBy(input);
    const wish = { details: input.text('because'), name: randomUUID() };
    const orders = ordersFor(services, scope, target);
    const asked = await Promise.all(
      [...orders].map(([service, order]) =>
        tried(run, async () => {
          const halt = await services
            .halting()
            .get(service)
            ?.openHalt({ ...wish, ...order });
          if (!halt) throw usageError(`${service} halts nothing`);
          return { service, ...halt };
        }),
      ),
    );
    const halts = asked.flatMap((answer) => (answer.ok ? [answer.value] : []));
    const faults = asked.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
    if (faults.length > 0)
      throw new CliError(`not everything is halted: ${faults.join('; ')}`, 2, { halts });
    return {
      json: { name: wish.name, halts },
      text: (style) =>
        `${table(COLUMNS, halts, style, '')}\nLift it with: sluice halt lift ${wish.name}`,
    };
  },
};

function haltedBy(input: Input): { scope: HaltScope; target: string | null } {
  const named = TARGETS.flatMap((scope) => {
    const target = input.optional(scope);
    return target === undefined ? [] : [{ scope, target }];
  });
  const all = input.isSet('all') ? [{ scope: 'all', target: null } as const] : [];
  const [one, ...more] = [...named, ...all];
  if (one === undefined || more.length > 0)
    throw usageError('give one of --venue, --asset, --account, --key and --all');
  return one;
}

/**
 * Returns the halt request for each service. A connector's own venue has no name in the connector's
 * database.
 */
function ordersFor(
  services: Services,
  scope: HaltScope,
  target: string | null,
): ReadonlyMap<string, Pick<OpenHaltDto, 'scope' | 'target'>> {
  if (scope === 'venue' && !services.venues().includes(target ?? ''))
    services.connector(target ?? ''); // throws an error listing the venues
  const order = { scope, ...(target !== null && { target }) };
  const orders = [...services.halting().keys()].flatMap((service) => {
    if (service === 'intake-api') return [[service, order] as const];
    if (scope !== 'venue') return [[service, order] as const];
    return venueOfConnector(service) === target ? [[service, { scope }] as const] : [];
  });
  return new Map(orders);
}
