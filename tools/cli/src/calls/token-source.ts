import { readFileSync } from 'node:fs';
import { IssuedTokens } from '@sluice/admin-client';
import { CliError, usageError } from '../errors/errors.js';
import type { Login } from '../settings/config.js';
import type { RunFile } from '../settings/run-file.js';

/** Person with all rights in a local stack. */
const DEMO_PERSON = 'demo';

/**
 * Returns the token source of the caller: the environment, or the issuer of a local stack. Throws a
 * CliError with the next step if neither exists.
 */
export function tokenSource(
  { token, tokenFile, tokenUrl, oidcCaFile, clientId, clientSecret }: Login,
  run: RunFile,
  person: string | undefined,
): () => string | Promise<string> {
  if (token || tokenFile || tokenUrl) {
    if (person !== undefined)
      throw usageError('--person chooses among the people of "npm start": unset SLUICE_TOKEN…');
    if (token) return () => token;
    if (tokenFile) return () => contentOf(tokenFile);
    const client = {
      tokenUrl,
      clientId,
      clientSecret: clientSecret.reveal(),
      ...(oidcCaFile !== null && { caFile: oidcCaFile }),
    };
    return new IssuedTokens(() => client).token;
  }
  return localTokens(run, person ?? DEMO_PERSON);
}

function localTokens({ people }: RunFile, person: string): () => Promise<string> {
  return () => {
    if (!people)
      throw new CliError(
        'no caller is logged in: set SLUICE_TOKEN_FILE to a file with a token of your issuer, or SLUICE_TOKEN_URL, SLUICE_CLIENT_ID and SLUICE_CLIENT_SECRET_FILE',
        2,
      );
    const clientSecret = people.passwords.get(person);
    if (clientSecret === undefined)
      throw usageError(
        `there is no ${person} here; there are ${[...people.passwords.keys()].join(', ')}`,
      );
    const client = { tokenUrl: people.tokenUrl, clientId: person, clientSecret };
    return new IssuedTokens(() => client).token();
  };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new CliError(`SLUICE_TOKEN_FILE cannot be read: ${String(error)}`, 2);
  }
}
