import type { Command } from '../command.js';
import { usageError } from '../cli-error.js';

export const kafkaSkip: Command = {
  name: 'kafka skip',
  summary:
    'leaves a corrupt batch of a log out, so that its partition flows again; kept for good, with the evidence',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'the service with the stopped partition', required: true },
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
    'A corrupt log is an incident: check the disk and the replicas first. A repaired batch is read again automatically.',
    'This service loses the messages of the batch. Reports about the affected withdrawals are requested and sent again automatically.',
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
