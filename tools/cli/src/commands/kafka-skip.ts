import type { Command } from '../command.js';
import { usageError } from '../cli-error.js';

export const kafkaSkip: Command = {
  name: 'kafka skip',
  summary:
    'leaves a corrupt batch of a log out, so that its partition flows again; kept for good, with the evidence',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'the service that stands still', required: true },
    { name: 'topic', value: 'T', help: 'as its /readyz names it', required: true },
    { name: 'partition', value: 'P', help: 'as its /readyz names it', required: true },
    {
      name: 'offset',
      value: 'O',
      help: 'at which the batch begins, as its /readyz names it',
      required: true,
    },
    {
      name: 'evidence',
      value: 'TEXT',
      help: 'why the log cannot be mended; kept for good',
      required: true,
    },
  ],
  notes: [
    'A corrupt log is an incident: look at the disk and at the replicas first. What can be mended there is read again by itself.',
    'What the batch held is lost to this service. Its withdrawals are asked about and sent again by themselves.',
  ],
  example:
    'kafka skip --service ledger --topic ledger.commands --partition 3 --offset 8712 --evidence "ticket 90: sector lost, no replica"',
  run: async (input, { services }) => {
    const [service, topic] = [input.text('service'), input.text('topic')];
    const [partition, offset] = [input.text('partition'), input.text('offset')];
    if (!/^\d{1,9}$/.test(partition) || !/^\d{1,18}$/.test(offset))
      throw usageError('--partition and --offset are whole numbers');
    const decided = await services
      .service(service)
      .skipBatch(
        { topic, partition: Number(partition), offset },
        { evidence: input.text('evidence') },
      );
    return {
      json: decided,
      text: () =>
        `${service} goes on behind offset ${offset} of ${topic}, partition ${partition}, in a few seconds`,
    };
  },
};
