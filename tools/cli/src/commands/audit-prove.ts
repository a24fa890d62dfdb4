import type { AuditHeadDto, AuditProofDto } from '@sluice/admin-api';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';

type Proof = AuditProofDto & { readonly service: string };

const HEAD = /^([1-9]\d{0,17}):([0-9a-f]{64})$/;

export const auditProve: Command = {
  name: 'audit prove',
  summary: 'proves the audit log, or names the first entry that is not as it was written',
  operands: [],
  options: [
    { name: 'service', value: 'S', help: 'only of this service; default every service' },
    {
      name: 'head',
      value: 'ID:HASH',
      help: 'a head of that service that was kept from an earlier proof or its log',
      repeatable: true,
    },
  ],
  notes: [
    'A tail that was cut off is seen by a head that was kept elsewhere, and by nothing else: keep what this prints.',
    'Exit code 1 when an entry is wrong, 2 when a service does not answer: then nothing is proven.',
  ],
  example: 'audit prove',
  run: async (input, { services }) => {
    const heads = input.list('head').map(headIn);
    const service = input.optional('service');
    if (heads.length > 0 && service === undefined)
      throw usageError('--head is of one service: name it with --service');
    const names = service === undefined ? services.names() : [service];
    const proofs = await Promise.all(
      names.map(async (name): Promise<Proof> => {
        return { service: name, ...(await services.service(name).proveAudit(heads)) };
      }),
    );
    return {
      json: proofs,
      text: (style) => proofs.map((proof) => lineOf(proof, style)).join('\n'),
      exitCode: proofs.every(({ proven }) => proven) ? 0 : 1,
    };
  },
};

function headIn(text: string): AuditHeadDto {
  const [, sequence, hash] = HEAD.exec(text) ?? [];
  if (sequence === undefined || hash === undefined)
    throw usageError(`--head takes ID:HASH as "sluice audit prove" prints it, not "${text}"`);
  return { sequence, hash };
}

function lineOf({ service, entries, head, broken }: Proof, style: Style): string {
  if (broken)
    return style.bad(`${service}: entry ${cell(broken.sequence)} is wrong: ${broken.because}`);
  const kept = head === null ? '' : `, head ${cell(head.sequence)}:${head.hash}`;
  return style.good(`${service}: ${entries} entries are proven${kept}`);
}
