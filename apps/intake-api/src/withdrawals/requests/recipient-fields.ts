import { DestinationField, TextField } from '@sluice/http-api';

const ADDRESS = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';

/** Address of a recipient, required unless `destination` is given. */
export function ToAddressField(): PropertyDecorator {
  return TextField(
    { min: 10, max: 256, mayBeBlank: true },
    {
      when: ({ destination }) => isAbsent(destination),
      description:
        'validated for the network before funds are reserved; required unless `destination` is given',
      example: ADDRESS,
      schema: { nullable: true },
    },
  );
}

/** Recipient in place of `to_address`, with a memo where the network has memos. */
export function RequestedDestinationField(): PropertyDecorator {
  return DestinationField(
    { optional: true, description: '**ours**: recipient in place of `to_address`, memo included' },
    ({ to_address }) =>
      isAbsent(to_address) ? null : 'Only one of to_address and destination may be given',
  );
}

/** Treats `null` as absent: some clients write `null` for omitted fields. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
