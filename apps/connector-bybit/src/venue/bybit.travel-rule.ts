import { type Destination, isObject } from '@sluice/kernel';

/** Answers about a recipient required by Bybit, in the fields of POST .../create. */
interface RecipientAnswers {
  /** Sent as a JSON text of at most 16,384 bytes; wins over the two others. */
  readonly questionnaire?: object;
  readonly beneficiary?: object;
  readonly transactionPurpose?: string;
}

/**
 * Travel Rule answers by address or UID. `required`: the site refuses withdrawals without answers,
 * and so does the connector.
 */
export interface TravelRule {
  readonly required: boolean;
  readonly recipients: Readonly<Record<string, RecipientAnswers>>;
}

const LONGEST_QUESTIONNAIRE = 16_384;
const SHORTEST_PURPOSE = 20;
const BENEFICIARY_FIELDS = new Set(
  `vaspEntityId beneficiaryName beneficiaryLegalType beneficiaryWalletType beneficiaryUnhostedWalletType beneficiaryPoiNumber beneficiaryPoiType
  beneficiaryPoiIssuingCountry beneficiaryPoiExpiredDate beneficiaryAddressCountry beneficiaryAddressState beneficiaryAddressCity
  beneficiaryAddressBuilding beneficiaryAddressStreet beneficiaryAddressPostalCode beneficiaryDateOfBirth beneficiaryPlaceOfBirth
  beneficiaryTransactionPurpose beneficiaryRepresentativeFirstName beneficiaryRepresentativeLastName`.split(
    /\s+/,
  ),
);

/** Returns the fields for this recipient; null if required answers are missing. */
export function travelRuleFields(
  { required, recipients }: TravelRule,
  destination: Destination,
): Readonly<Record<string, unknown>> | null {
  const name =
    destination.type === 'address'
      ? folded(destination.address)
      : destination.type === 'venue_account'
        ? destination.value
        : '';
  const answers = Object.hasOwn(recipients, name) ? recipients[name] : undefined;
  if (!answers) return required ? null : {};
  const { questionnaire, beneficiary, transactionPurpose } = answers;
  if (questionnaire !== undefined) return { questionnaire: JSON.stringify(questionnaire) };
  return {
    ...(beneficiary !== undefined && { beneficiary }),
    ...(transactionPurpose !== undefined && { transactionPurpose }),
  };
}

/**
 * Parses BYBIT_TRAVEL_RULE: `{"required": true, "recipients": {"0x…": {…}}}`. Throws on another
 * shape.
 */
export function readTravelRule(value: unknown): TravelRule {
  if (!isObject(value) || typeof value['required'] !== 'boolean' || !isObject(value['recipients']))
    throw new Error('must be {"required": true or false, "recipients": {address or UID: answers}}');
  const recipients = Object.entries(value['recipients']).map(
    ([name, answers]) => [folded(name), readAnswers(name, answers)] as const,
  );
  return { required: value['required'], recipients: Object.fromEntries(recipients) };
}

function readAnswers(name: string, answers: unknown): RecipientAnswers {
  if (!isObject(answers)) throw new Error(`${name}: must be an object`);
  const { questionnaire, beneficiary, transactionPurpose: purpose, ...others } = answers;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`${name}: ${other} is not known`);
  if (
    questionnaire !== undefined &&
    !(
      isObject(questionnaire) &&
      Buffer.byteLength(JSON.stringify(questionnaire)) <= LONGEST_QUESTIONNAIRE
    )
  )
    throw new Error(
      `${name}: questionnaire must be an object of at most ${LONGEST_QUESTIONNAIRE} bytes`,
    );
  if (beneficiary !== undefined && !isBeneficiary(beneficiary))
    throw new Error(`${name}: beneficiary must be an object of known fields, all text`);
  if (purpose !== undefined && (typeof purpose !== 'string' || purpose.length < SHORTEST_PURPOSE))
    throw new Error(
      `${name}: transactionPurpose must have at least ${SHORTEST_PURPOSE} characters`,
    );
  return {
    ...(isObject(questionnaire) && { questionnaire }),
    ...(isObject(beneficiary) && { beneficiary }),
    ...(typeof purpose === 'string' && { transactionPurpose: purpose }),
  };
}

/** An EVM address is the same in any case. */
function folded(name: string): string {
  return /^0x[0-9a-fA-F]{40}$/.test(name) ? name.toLowerCase() : name;
}

function isBeneficiary(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.entries(value).every(
      ([field, text]) => BENEFICIARY_FIELDS.has(field) && typeof text === 'string',
    )
  );
}
