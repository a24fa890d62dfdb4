import type { AwaitedDto, HaltDto, LiftHaltDto } from '@sluice/admin-api';
import { isAwaited } from '@sluice/admin-client';
import { connectorOf } from '@sluice/messages';
import { orWhenMissing } from '../admin-faults.js';
import { awaitedText } from '../awaited-text.js';
import { CliError, usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Services } from '../services.js';

const ID = /^[1-9]\d{0,17}$/;
const NAME = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const haltLift: Command = {
  name: 'halt lift',
  summary: 'lifts a halt; requires two people; kept permanently, with the evidence',
  operands: [
    {
      name: 'ID',
      help: 'as "sluice halt list" shows it, or the name that "sluice halt open" gave',
    },
  ],
  options: [
    { name: 'venue', value: 'V', help: 'venue of the connector with the halt; default intake-api' },
    { name: 'evidence', value: 'TEXT', help: 'what was found out; kept for good', required: true },
  ],
  notes: [
    'It counts when a second person approves it: sluice approve.',
    'By its name a halt is lifted in every service that has it.',
    'Nothing goes on while another halt that covers it is in force.',
    'A record that a halt was about does not halt the venue again.',
  ],
  example:
    'halt lift 3 --venue gateio --evidence "ticket 8812: the record is a payment made by hand"',
  run: async (input, { services }) => {
    const id = input.operand('ID');
    const lift = { evidence: input.text('evidence') };
    const lifted = NAME.test(id)
      ? await liftNamed(services, id, lift)
      : [await liftOne(services, id, input.optional('venue'), lift)];
    return {
      json: lifted,
      text: () => lifted.map(textOf).join('\n'),
    };
  },
};

type Lifted = (HaltDto | AwaitedDto) & { readonly service: string };

function textOf(answer: Lifted): string {
  if (isAwaited(answer)) return `${answer.service}: ${awaitedText(answer, answer.service)}`;
  const { service, id, lifted_by, lift_approved_by } = answer;
  return `${service}: halt ${cell(id)} is lifted by ${cell(lifted_by)} and ${cell(lift_approved_by)}`;
}

async function liftOne(
  services: Services,
  id: string,
  venue: string | undefined,
  lift: LiftHaltDto,
): Promise<Lifted> {
  if (!ID.test(id)) throw usageError(`a halt is named by its number or its name, not "${id}"`);
  const service = venue === undefined ? 'intake-api' : connectorOf(venue);
  const admin = venue === undefined ? services.intake : services.connector(venue);
  const halt = await orWhenMissing(admin.liftHalt(id, lift), '"sluice halt list" shows them');
  return { service, ...halt };
}

async function liftNamed(services: Services, name: string, lift: LiftHaltDto): Promise<Lifted[]> {
  const found = await Promise.all(
    [...services.halting()].map(async ([service, admin]) => {
      const halts = await admin.halts();
      const open = halts.filter((halt) => halt.subject === name && halt.lifted_at === null);
      return open.map(({ id }) => ({ service, admin, id }));
    }),
  );
  if (found.flat().length === 0)
    throw new CliError(`no halt of this name is in force; "sluice halt list" shows them`, 1);
  return Promise.all(
    found.flat().map(async ({ service, admin, id }) => ({
      service,
      ...(await admin.liftHalt(id, lift)),
    })),
  );
}
