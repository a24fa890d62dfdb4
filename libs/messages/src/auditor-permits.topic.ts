import { field, IsLabel, isText } from './fields.js';
import { textSchema } from './json-schema.js';
import { topic } from './topic.js';
import { VENUES } from './config.js';
import { connectorOf, WALLET } from './venue-commands.topic.js';

/** A permit with 500 withheld accounts has about 26,000 characters. */
const LONGEST_PERMIT = 32_768;
const IsPermit = field(
  'isPermit',
  isText(LONGEST_PERMIT),
  'must be a permit',
  textSchema(LONGEST_PERMIT),
);

/** `auditor.permit-issued.v1`: the newest permit of a venue, signed by the auditor. Readers verify the signature, not a MAC. */
class PermitIssuedV1 {
  @IsLabel() venue!: string;
  /** Statement in base64url, name of the key, and Ed25519 signature, separated by dots. */
  @IsPermit() permit!: string;
}

export const auditorPermits = topic('auditor.permits', {
  producedBy: 'auditor',
  consumedBy: null,
  followedBy: [...VENUES, WALLET].map(connectorOf),
  key: 'venue',
  orderedBy: 'key',
  types: { 'auditor.permit-issued.v1': PermitIssuedV1 },
});
