import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import type { BatchSignatureDto, SignatureDto, SignatureRequestDto } from '@sluice/signer-api';
import type { ServiceProcess } from '@sluice/test-servers';
import { CALLER } from './given-signer.js';

/**
 * Requests a signature from a signer in a separate process, as connector-evm does. Returns null if
 * the process ends before the response. Throws with the refusal.
 */
export function askProcess(
  process: ServiceProcess,
  request: SignatureRequestDto,
): Promise<SignatureDto | null> {
  return post<SignatureDto>(process, '', request);
}

/** Requests a batch of signatures like `askProcess`. */
export function askProcessForAll(
  process: ServiceProcess,
  requests: readonly SignatureRequestDto[],
): Promise<readonly BatchSignatureDto[] | null> {
  return post<readonly BatchSignatureDto[]>(process, '/batch', { requests });
}

async function post<T>({ port }: ServiceProcess, path: string, body: object): Promise<T | null> {
  const key = new Secret(CALLER.privateKey);
  const credential = new ServiceCredential('connector-evm', 'signer', key, () => new Date());
  const answer = await fetch(`http://127.0.0.1:${port}/internal/signatures${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await credential.token()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  }).catch(() => null);
  if (answer === null) return null;
  const { data, message } = (await answer.json()) as { data: T; message: string };
  if (answer.status !== 200) throw new Error(`${answer.status}: ${message}`);
  return data;
}
