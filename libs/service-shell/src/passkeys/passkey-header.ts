import { ApiError } from '@sluice/http-api';
import { isObject } from '@sluice/kernel';
import type { PasskeyHeader } from '@sluice/signing';

/** Content of the header, with the credential that the browser's answer names. */
interface ReadHeader extends PasskeyHeader {
  readonly credentialId: string;
}

const BASE64URL = /^[\w-]+$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/;

/** Throws ApiError 403 for a header of another form. */
export function readPasskeyHeader(header: string): ReadHeader {
  const { at, assertion, voucher } = fieldsIn(header);
  const credentialId = isObject(assertion) ? assertion['id'] : undefined;
  if (
    typeof at !== 'string' ||
    !TIME.test(at) ||
    !isObject(assertion) ||
    typeof credentialId !== 'string' ||
    typeof voucher !== 'string'
  )
    throw new ApiError(403, 'The header sluice-passkey cannot be read');
  return { at, assertion, voucher, credentialId };
}

function fieldsIn(header: string): Readonly<Record<string, unknown>> {
  if (!BASE64URL.test(header)) return {};
  try {
    const fields: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    return isObject(fields) ? fields : {};
  } catch {
    return {};
  }
}
