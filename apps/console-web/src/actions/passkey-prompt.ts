import { fromBase64url } from './bytes.js';

/** The browser's prompt gave no passkey; the message is a sentence for the person. */
export class PromptError extends Error {
  override readonly name = 'PromptError';
}

const WORDS: Readonly<Record<string, string>> = {
  NotAllowedError:
    'The prompt was cancelled, or took too long, or this computer has none of your passkeys. Nothing was sent.',
  SecurityError:
    'The browser refuses passkeys at this address. Open the console at its own address, over HTTPS. Nothing was sent.',
  InvalidStateError: 'This authenticator has a passkey of yours already. Nothing was sent.',
  NotSupportedError: 'This browser or authenticator has no passkeys of the needed kind.',
  ConstraintError: 'The authenticator cannot verify that it is you: set a PIN or a fingerprint.',
  AbortError: 'Another prompt of the browser replaced this one. Nothing was sent.',
};

/** Says in words why the browser gave no passkey. */
export function promptWords(error: unknown): string {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  const known = typeof name === 'string' ? WORDS[name] : undefined;
  return known ?? `The browser gave no passkey: ${String(message ?? error)}`;
}

interface Prompt {
  readonly challenge: Uint8Array<ArrayBuffer>;
  readonly rpId: string;
  readonly credentialIds: readonly string[];
}

interface PromptAnswer {
  readonly credentialId: string;
  readonly assertion: object;
}

const PROMPT_MS = 120_000;

/** Asks the person for a passkey over the challenge. Throws PromptError. */
export async function askForPasskey({
  challenge,
  rpId,
  credentialIds,
}: Prompt): Promise<PromptAnswer> {
  const credential = await withWords(() =>
    navigator.credentials.get({
      publicKey: {
        challenge,
        rpId,
        allowCredentials: credentialIds.map((id) => ({
          type: 'public-key',
          id: fromBase64url(id),
        })),
        userVerification: 'required',
        timeout: PROMPT_MS,
      },
    }),
  );
  return { credentialId: credential.id, assertion: credential.toJSON() };
}

/** Asks the person to make a passkey. `options`: of the ledger, in JSON. Throws PromptError. */
export async function makePasskey(
  options: PublicKeyCredentialCreationOptionsJSON,
): Promise<object> {
  const credential = await withWords(() =>
    navigator.credentials.create({
      publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options),
    }),
  );
  return credential.toJSON();
}

async function withWords(prompt: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!('PublicKeyCredential' in window))
    throw new PromptError(
      'This browser has no passkeys, or the address of the page is not secure.',
    );
  let credential: Credential | null;
  try {
    credential = await prompt();
  } catch (error) {
    throw new PromptError(promptWords(error));
  }
  if (!(credential instanceof PublicKeyCredential))
    throw new PromptError('The browser gave no passkey.');
  return credential;
}
