import type { ServerResponse } from 'node:http';
import { readFields, type TrialOutcome, TryTransferDto } from '@sluice/http-api';
import { startTestServer } from '@sluice/test-kit';
import { decodeJwt } from 'jose';

type TrialReply = TrialOutcome | 'an error' | 'silence' | 'that our key is unknown' | 'no outcome';

/**
 * Starts a double of connector-evm's `POST /internal/transfers/trial`; `wallet.reply` determines
 * the answer.
 */
export async function givenWalletTrials() {
  const asked: TryTransferDto[] = [];
  const wallet = {
    reply: (): TrialReply | Promise<TrialReply> => 'works',
  };
  const { url, stop } = await startTestServer((incoming, response, body) => {
    const { authorization = '' } = incoming.headers;
    const { aud, sub } = decodeJwt(authorization.replace(/^Bearer /, ''));
    const call = `${incoming.method} ${incoming.url} of ${sub} to ${String(aud)}`;
    if (call !== 'POST /internal/transfers/trial of intake-api to connector-evm')
      return void response.writeHead(404).end(call);
    asked.push(readFields(TryTransferDto, JSON.parse(body) as Record<string, unknown>));
    void Promise.resolve(wallet.reply()).then((reply) => answer(response, reply));
  });
  return { url, asked, wallet, close: stop };
}

const FAULTS: Readonly<Partial<Record<TrialReply, number>>> = {
  'an error': 500,
  'that our key is unknown': 401,
};

function answer(response: ServerResponse, reply: TrialReply): void {
  if (reply === 'silence') return;
  const status = FAULTS[reply] ?? 200;
  const trial = {
    outcome: reply,
    reason: reply === 'refused' ? 'would_revert' : null,
    message: reply === 'works' ? null : 'a sentence for people',
  };
  const body =
    status === 200
      ? { success: true, message: 'OK', data: reply === 'no outcome' ? 'refused' : trial }
      : { success: false, message: 'The withdrawal is refused' };
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
