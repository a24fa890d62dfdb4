import { orWhenMissing } from '../admin-faults.js';
import type { Command } from '../command.js';

export const approve: Command = {
  name: 'approve',
  summary: 'approves the request of another person and executes it',
  operands: [{ name: 'ID', help: 'as "sluice approvals list" shows it' }],
  options: [{ name: 'service', value: 'S', help: 'the service with the request', required: true }],
  notes: [
    'Check the exact content first: sluice approvals list.',
    'Requires the role approve, and another person than the requester.',
  ],
  example: 'approve 3 --service connector-gateio',
  run: async (input, { services }) => {
    const [service, id] = [input.text('service'), input.operand('ID')];
    const approved = await orWhenMissing(
      services.service(service).approve(id),
      '"sluice approvals list" shows them',
    );
    return {
      json: { service, ...approved },
      text: () => `approval ${id} of ${service} is carried out: ${JSON.stringify(approved.result)}`,
    };
  },
};
