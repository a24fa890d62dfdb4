import { AdminError, type AdminTarget } from '@sluice/admin-client';
import { type Platform, ServiceCredential } from '@sluice/service-shell';
import { ApiError } from '@sluice/http-api';
import { beginCall } from '@sluice/runtime/tracing';
import type { IntakeConfig } from '../settings/intake-settings.js';

const WITHIN_MS = 4_000;

export type CallingConfig = Pick<IntakeConfig, 'serviceKey' | 'internalCaFile'>;

/** Another service of ours could not be asked, or could not answer. */
export class ServiceAwayError extends Error {
  override readonly name = 'ServiceAwayError';
}

/** Admin target of another service: own credential, tracing, and a timeout of 4 s. */
export function targetOf(
  service: string,
  baseUrl: string,
  { serviceKey, internalCaFile }: CallingConfig,
  { name, clock }: Pick<Platform, 'name' | 'clock'>,
): AdminTarget {
  const credential = new ServiceCredential(name, service, serviceKey, () => clock.now());
  return {
    service,
    baseUrl,
    timeoutMs: WITHIN_MS,
    token: () => credential.token(),
    beginSpan: (method, url) =>
      beginCall(`${method} ${service}`, { 'http.request.method': method, 'url.full': url }),
    ...(internalCaFile !== null && { caFile: internalCaFile }),
  };
}

/**
 * Result of a call with this service's credential. A rejected credential is no fault of the client:
 * throws ServiceAwayError too.
 */
export function answeredToUs<T>(asked: Promise<T>): Promise<T> {
  return answered(
    asked.catch((error: unknown) => {
      if (!(error instanceof AdminError) || ![401, 403].includes(error.status ?? 0)) throw error;
      const sentence = `${error.service} refuses this service: ${error.failure.message}`;
      throw new ServiceAwayError(sentence, { cause: error });
    }),
  );
}

/** Throws ServiceAwayError without a usable answer; refusals are rethrown unchanged. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError) || error.failure.kind === 'refused') throw error;
    throw new ServiceAwayError(error.message, { cause: error });
  }
}

/** Passes a refusal of the other service on with the same status and sentence. */
export async function passingRefusalsOn<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError) || error.status === null) throw error;
    throw new ApiError(error.status, error.failure.message);
  }
}
