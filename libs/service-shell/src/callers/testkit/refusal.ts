import { ApiError } from '@sluice/http-api';
import { readConfig } from '@sluice/runtime';
import { CALLER_SETTINGS } from '../config.js';

export const FORM = 'The token is refused for its form, algorithm or signature';
export const now = (): Date => new Date();

export function settingsOf(issuer: string, more: Readonly<Record<string, string>> = {}) {
  return readConfig({ OIDC_ISSUER: issuer, ...more }, CALLER_SETTINGS);
}

export async function refusal(proof: Promise<unknown>) {
  const error: unknown = await proof.catch((thrown: unknown) => thrown);
  if (!(error instanceof ApiError)) throw new Error(`not refused: ${JSON.stringify(error)}`);
  return [error.getStatus(), error.message];
}
