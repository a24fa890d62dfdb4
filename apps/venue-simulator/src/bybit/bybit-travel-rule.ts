import { isPlainObject } from '../sim/check.js';
import { malformed, paramsErr, type BybitError } from './bybit-auth.js';

export const SITES = ['GLOBAL', 'EU', 'TUR', 'KAZ', 'KOR', 'IND', 'IDN', 'ARE'] as const;

/** Venue site of the account; the site decides the required data about the recipient. */
export type Site = (typeof SITES)[number];

const LONGEST_QUESTIONNAIRE = 16_384;
const SHORTEST_PURPOSE = 20;
const LONGEST_PURPOSE = 500;
/** Required `beneficiary` fields by site; a site refuses an order without them. */
const REQUIRED: Readonly<Record<Site, readonly string[] | null>> = {
  GLOBAL: null,
  EU: null,
  TUR: ['beneficiaryName'],
  KAZ: ['beneficiaryName'],
  KOR: ['vaspEntityId'],
  IND: ['beneficiaryName'],
  IDN: [],
  ARE: [],
};
const WITH_PURPOSE: readonly Site[] = ['EU', 'TUR'];
const WITH_IDENTITY: readonly Site[] = ['TUR', 'KAZ'];

type TravelRuleFields = Readonly<Record<string, unknown>>;

/** Fault in the Travel Rule part of an order, or null. A questionnaire has priority. */
export function travelRuleFault(fields: TravelRuleFields, site: Site): BybitError | null {
  const { questionnaire, beneficiary, transactionPurpose } = fields;
  if (questionnaire !== undefined && questionnaire !== '')
    return questionnaireFault(questionnaire, site);
  if (beneficiary !== undefined && !isPlainObject(beneficiary))
    return malformed('beneficiary must be an object');
  if (
    transactionPurpose !== undefined &&
    (typeof transactionPurpose !== 'string' || transactionPurpose.length < SHORTEST_PURPOSE)
  )
    return paramsErr(`transactionPurpose needs at least ${SHORTEST_PURPOSE} characters`);
  const required = REQUIRED[site];
  if (required === null) return null;
  if (!isPlainObject(beneficiary))
    return { code: 131074, message: 'beneficiary information is missing' };
  if (site === 'TUR' && transactionPurpose === undefined)
    return paramsErr('transactionPurpose is required');
  const named =
    site === 'KOR' && beneficiary['vaspEntityId'] !== 'others' ? ['beneficiaryName'] : [];
  return missing(beneficiary, [...required, ...named], 'beneficiary');
}

function questionnaireFault(text: unknown, site: Site): BybitError | null {
  if (typeof text !== 'string' || Buffer.byteLength(text) > LONGEST_QUESTIONNAIRE)
    return malformed('questionnaire must be a JSON text of at most 16384 bytes');
  const answers = parsed(text);
  if (!isPlainObject(answers)) return malformed('questionnaire must be a JSON text');
  const { walletType, transactionPurpose: purpose } = answers;
  if (walletType !== 0 && walletType !== 1)
    return paramsErr('questionnaire.walletType must be 0 or 1');
  if (
    WITH_PURPOSE.includes(site) &&
    !(
      typeof purpose === 'string' &&
      purpose.length >= SHORTEST_PURPOSE &&
      purpose.length <= LONGEST_PURPOSE
    )
  )
    return paramsErr('questionnaire.transactionPurpose needs 20 to 500 characters');
  const names =
    typeof answers['companyName'] === 'string' ? ['companyName'] : ['firstName', 'lastName'];
  const represented =
    site === 'KOR' && names.includes('companyName')
      ? ['representativeFirstName', 'representativeLastName']
      : [];
  const vasp = walletType === 0 ? ['vaspCode'] : [];
  const identity = WITH_IDENTITY.includes(site)
    ? ['poiType', 'poiNumber', 'poiIssuingCountry', 'poiExpiredDate']
    : [];
  return missing(
    answers,
    ['legalType', ...names, ...represented, ...vasp, ...identity],
    'questionnaire',
  );
}

function missing(
  fields: TravelRuleFields,
  required: readonly string[],
  where: string,
): BybitError | null {
  const absent = required.find((name) => typeof fields[name] !== 'string' || fields[name] === '');
  return absent === undefined ? null : paramsErr(`${where}.${absent} is required`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
