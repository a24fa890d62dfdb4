import {
  destinationNames,
  identifierFault,
  parseDestination,
  REQUESTED_DESTINATION_SCHEMA,
  requestedDestination,
  visibleTextFault,
  type WireDestination,
} from '@sluice/kernel';
import { Field, type FieldOptions } from './fields.js';
import { isNear, lettersOf, meaningIn, unknownField } from './misspelt.js';

/**
 * A destination in a request. `null`, and an empty optional text, equal an absent field; unknown
 * fields are refused. `besides` returns the fault of the other fields beside a destination.
 */
export function DestinationField(
  options: FieldOptions = {},
  besides: (dto: Readonly<Record<string, unknown>>) => string | null = () => null,
): PropertyDecorator {
  return Field(
    {
      read: requestedDestination,
      check: (value, dto) => besides(dto) ?? requestedDestinationFault(value),
      schema: REQUESTED_DESTINATION_SCHEMA,
    },
    options,
  );
}

/** Words of other APIs around a memo: `destination_tag`, `addressTag`, `withdraw-memo`, `memo_text`. */
const MEMO =
  /^x?(?:destination|dest|dst|recipient|receiver|to|address|addr|withdraw|withdrawal|payout|payment|deposit|wallet|account|crypto|coin|chain|network|xrp|ripple|xlm|stellar|ton|eos|atom|cosmos)*(?:memos?|tag)(?:id|no|num|number|text|value|type|code|info)?$/;
const OTHER_MEMOS: ReadonlySet<string> = new Set([
  'paymentid',
  'xmrpaymentid',
  'extraid',
  'toextraid',
  'addressextra',
  'addressextraid',
  'destinationextraid',
]);
/** Fields of a destination that only a destination has, each under the path in a request. */
const ONLY_OF_A_DESTINATION = [
  'area_code',
  'remittance_information',
  'purpose_code',
  'account_group_id',
  'reference_account_id',
];
const REMITTANCE = /^(?:unstructured)?remittance(?:info|text|unstructured)?$/;

/**
 * Returns the field of a destination that a name beside `to_address` means: a payment without its
 * memo or text may be lost.
 */
export function meantOfDestination(letters: string): string | undefined {
  const name = partOf(letters);
  return name && `destination.${name}`;
}

function partOf(letters: string): string | undefined {
  if (MEMO.test(letters) || OTHER_MEMOS.has(letters)) return 'memo';
  if (REMITTANCE.test(letters)) return 'remittance_information';
  return ONLY_OF_A_DESTINATION.find((name) => isNear(lettersOf(name), letters));
}

/** Returns the fault as the reason, or as the part of the destination with the reason. */
function requestedDestinationFault(value: unknown): string | null {
  const names = destinationNames((value as Partial<WireDestination> | null)?.type);
  const fields = Object.entries((names.length > 0 ? value : {}) as object);
  const unknown = fields.find(([name]) => !names.includes(name))?.[0];
  if (unknown !== undefined) {
    const meant = meaningIn(unknown, names, partOf);
    const isMeant = meant !== undefined && names.includes(meant);
    return `.${unknown}: ${unknownField(isMeant ? `destination.${meant}` : undefined)}`;
  }
  const parsed = parseDestination(value);
  if (!parsed.ok) return parsed.refusal.replace(/^destination(: )?/, '');
  for (const [name, text] of fields) {
    const faultOf = name === 'remittance_information' ? visibleTextFault : identifierFault;
    const fault = faultOf(String(text));
    if (fault !== null) return `.${name}: ${fault}`;
  }
  return null;
}
