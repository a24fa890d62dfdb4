// Books what webhooks say: `node receive-webhooks.mjs`, with DATABASE_URL, PORT and SLUICE_WEBHOOK_SECRETS (several with commas).
import { createServer } from 'node:http';
import { verifyWebhook, WebhookVerificationError } from '@sluice/client';
import { readWebhookEvent } from '@sluice/consumer-kit';
import { book, openBook } from './booking.mjs';

const { DATABASE_URL, PORT, SLUICE_WEBHOOK_SECRETS } = process.env;
const secrets = SLUICE_WEBHOOK_SECRETS.split(',');
const pool = await openBook(DATABASE_URL);

createServer(async (request, response) => {
  try {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    verifyWebhook({ headers: request.headers, body }, { secrets });
    const event = readWebhookEvent(body); // null: about no withdrawal
    if (event) await book(pool, [event]);
    response.writeHead(204).end(); // after the commit: a crash in between brings it again, and it is a duplicate then
  } catch (error) {
    console.error(error.message);
    response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end(); // it comes again
  }
}).listen(Number(PORT), () => console.log(`receives webhooks at port ${PORT}`));
