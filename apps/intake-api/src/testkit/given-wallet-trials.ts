import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFields, type TrialOutcome, TryTransferDto } from '@sluice/http-api';
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
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { authorization = '' } = incoming.headers;
      const { aud, sub } = decodeJwt(authorization.replace(/^Bearer /, ''));
      const call = `${incoming.method} ${incoming.url} of ${sub} to ${String(aud)}`;
      if (call !== 'POST /internal/transfers/trial of intake-api to connector-evm')
        return void response.writeHead(404).end(call);
      const fields = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      asked.push(readFields(TryTransferDto, fields));
      void Promise.resolve(wallet.reply()).then((reply) => answer(response, reply));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    wallet,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
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
