import { isAwaited } from '@sluice/admin-client';
import type { AwaitedDto, HaltDto, OpenHaltDto } from '@sluice/http-api';
import { EXAMPLE_VENUE } from '@sluice/kernel';
import { connectorOf } from '@sluice/messages';
import { randomUUID } from 'node:crypto';
import { tried } from '../calls/admin-faults.js';
import { isUuid } from '../calls/find-withdrawal.js';
import type { Services } from '../calls/services.js';
import { CliError, usageError } from '../errors/errors.js';
import { awaitedText, command, listing } from '../language/command.js';
import { TWO_PEOPLE } from '../language/shared-help.js';
import { table } from '../render/table.js';
import { cell } from '../render/text.js';

const INTAKE = 'intake-api';

const NUMBER = /^[1-9]\d{0,17}$/;

export const HALTS = [
  command('halt open [--venue V] [--asset A] [--account ID] [--key ID] [--all] --because TEXT', {
    help: `stops a venue, an asset, an account, an API key or everything: nothing new is taken, and nothing that waits is sent, until the halt is lifted
      --key: id of the API key
      --all: everything
      --because: cause; shown with each withdrawal that waits for it
      Sent orders are followed to their end. Waiting orders keep their deadline: another venue may take them over, where the route has one.
      A service that does not answer is not halted: the others are, the exit code is 2, and the command may be repeated.`,
    example: `--venue ${EXAMPLE_VENUE} --because "their status page reports double payments"`,
    call: async ({ because: details, all, ...targets }, services, { run }) => {
      const order = haltOf(targets, all);
      const name = randomUUID();
      const asked = await Promise.all(
        requestsFor(services, order).map(([service, request]) =>
          tried(run, async () => {
            const halt = await services.halting(service).openHalt({ details, name, ...request });
            return { service, ...halt };
          }),
        ),
      );
      const halts = asked.flatMap((answer) => (answer.ok ? [answer.value] : []));
      const faults = asked.flatMap((answer) => (answer.ok ? [] : [answer.refusal]));
      if (faults.length > 0)
        throw new CliError(`not everything is halted: ${faults.join('; ')}`, 2, { halts });
      return { name, halts };
    },
    text: ({ name, halts }, style) => [
      table('service, id:right, scope, target, subject as name', halts, style, ''),
      `Lift it with: sluice halt lift ${name}`,
    ],
  }),
  listing('halt list [--venue V] [--all]', {
    help: `lists the halts: those in force, then lifted ones, with the subject of each
      --venue: only of this venue's connector; default every service`,
    call: async ({ venue, all }, services) => {
      const names = venue === undefined ? services.haltingNames() : [connectorOf(venue)];
      const halts = await services.rowsOf(names, (name) => services.halting(name).halts());
      return all ? halts : halts.filter(({ lifted_at }) => lifted_at === null);
    },
    columns:
      'service, id:right, opened_at as opened, opened_by as by, scope, target, reason, subject, details, lifted_at as lifted, lifted_by, lift_evidence as evidence',
    empty: 'nothing is halted',
  }),
  command('halt lift ID [--venue V] --evidence TEXT', {
    help: `lifts a halt; requires two people; kept permanently, with the evidence
      ID: as "sluice halt list" shows it, or the name from "sluice halt open", e.g. 3
      --venue: venue of the connector with the halt; default intake-api
      ${TWO_PEOPLE}
      By its name a halt is lifted in every service that has it.
      Nothing continues while another halt that covers it is in force.
      A record that was the subject of a halt does not halt the venue again.`,
    call: async ({ ID, venue, evidence }, services) => {
      if (!isUuid(ID) && !NUMBER.test(ID))
        throw usageError(`a halt is named by its number or its name, not "${ID}"`);
      const service = venue === undefined ? INTAKE : connectorOf(venue);
      const halts = isUuid(ID) ? await haltsNamed(services, ID) : [{ service, id: ID }];
      const lifts = halts.map(async ({ service: at, id }): Promise<Lifted> => {
        return { service: at, ...(await services.halting(at).liftHalt(id, { evidence })) };
      });
      return Promise.all(lifts);
    },
    text: (lifted) => lifted.map(liftedText),
  }),
  listing('halt records [--venue V]', {
    help: `lists payments in the venues’ records without an order here: the causes of orphan halts, in full, and rows that cannot be read
      After a restore these are payments that were made after the restored moment.`,
    call: ({ venue }, services) =>
      services.ofVenues(venue, (connector) => connector.unclaimedRecords()),
    columns:
      'venue, venue_reference, form, client_reference as reference, gross, destination, venue_status as status, created_at as made, reported_at as reported, unreadable',
    empty: 'every payment in the records of the venues was sent from here',
  }),
  listing('breaks list [--venue V] [--all]', {
    help: 'lists payments of venues that differ from our orders: open breaks, then closed breaks',
    call: async ({ venue, all }, services) => {
      const breaks = await services.ofVenues(venue, (connector) => connector.breaks());
      return all ? breaks : breaks.filter(({ closed_at }) => closed_at === null);
    },
    columns:
      'venue, id:right, opened_at as opened, kind, subject, amount, asset, recipient, details, halt_id:right as halt, closed_at as closed, closed_by, close_evidence as evidence',
    empty: 'no break is open',
  }),
  command('breaks show ID --venue V', {
    help: 'shows one break in full, with its halt',
    call: async ({ ID, venue }, services) => {
      return { venue, ...(await services.connector(venue).showBreak(ID)) };
    },
    text: (shown) =>
      Object.entries(shown).map(([name, value]) => `${name.padEnd(14)}  ${cell(value)}`),
  }),
  command('breaks close ID --venue V --evidence TEXT', {
    help: `closes a break after a person has found its cause; kept permanently, with the evidence
      Its halt stays in force until it is lifted: "sluice halt lift".`,
    call: async ({ ID: id, venue, evidence }, services) => {
      return { venue, ...(await services.connector(venue).closeBreak(id, { evidence })) };
    },
    text: ({ halt_id: halt }, _style, { ID: id, venue }) =>
      `break ${id} of ${venue} is closed; its halt: sluice halt lift ${halt} --venue ${venue}`,
  }),
];

type Order = Pick<OpenHaltDto, 'scope' | 'target'>;

type Lifted = (HaltDto | AwaitedDto) & { readonly service: string };

function haltOf(named: Readonly<Record<string, string | undefined>>, all: boolean): Order {
  const orders: readonly Order[] = (['venue', 'asset', 'account', 'key'] as const).flatMap(
    (scope) => (named[scope] === undefined ? [] : [{ scope, target: named[scope] }]),
  );
  const [one, ...more] = all ? [...orders, { scope: 'all' as const }] : orders;
  if (one === undefined || more.length > 0)
    throw usageError('give one of --venue, --asset, --account, --key and --all');
  return one;
}

/** A connector's own venue has no name in the connector's database. */
function requestsFor(services: Services, order: Order): readonly (readonly [string, Order])[] {
  const { scope, target = '' } = order;
  const all = services.haltingNames();
  if (scope !== 'venue') return all.map((service) => [service, order]);
  services.connector(target); // throws an error listing the venues
  return [
    [INTAKE, order],
    [connectorOf(target), { scope }],
  ];
}

function liftedText(answer: Lifted): string {
  if (isAwaited(answer)) return `${answer.service}: ${awaitedText(answer, answer.service)}`;
  const { service, id, lifted_by, lift_approved_by } = answer;
  return `${service}: halt ${cell(id)} is lifted by ${cell(lifted_by)} and ${cell(lift_approved_by)}`;
}

/** Returns the services with a halt of a name, and the number of the halt there. */
async function haltsNamed(services: Services, name: string) {
  const halts = await services.rowsOf(services.haltingNames(), (service) =>
    services.halting(service).halts(),
  );
  const open = halts.filter(({ subject, lifted_at }) => subject === name && lifted_at === null);
  if (open.length === 0)
    throw new CliError(`no halt of this name is in force; "sluice halt list" shows them`, 1);
  return open;
}

export const FINDINGS = [
  listing('findings list [--all]', {
    help: `lists the differences that the auditor found between ledger, orders and venues
      --all: closed findings, too`,
    call: async ({ all }, { auditor }) => {
      const findings = await auditor.findings();
      return all ? findings : findings.filter(({ closed_at }) => closed_at === null);
    },
    columns:
      'id:right, opened_at as opened, kind, scope, target, subject, closed_at as closed, closed_by, close_approved_by as approved_by, close_reason as reason',
    empty: 'the auditor has no open finding',
  }),
  command('findings show ID', {
    help: 'shows one finding with the facts of both sides',
    call: ({ ID }, { auditor }) => auditor.showFinding(ID),
    text: ({ evidence, ...finding }) => [
      ...Object.entries(finding).map(([name, value]) => `${name.padEnd(17)}  ${cell(value)}`),
      JSON.stringify(evidence, null, 2),
    ],
  }),
  command('findings close ID --reason TEXT', {
    help: 'closes a finding after its cause was found; kept permanently, with the reason',
    call: ({ ID, reason }, { auditor }) => auditor.closeFinding(ID, { reason }),
    approval: 'auditor',
    text: ({ id, closed_by: first, close_approved_by: second }) =>
      `finding ${id} is closed by ${cell(first)} and ${cell(second)}`,
  }),
];
