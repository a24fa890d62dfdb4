import { generateKeyPairSync, randomUUIDv7 } from 'node:crypto';
import { LedgerAdmin } from '@sluice/admin-client';
import { ServiceCredential } from '@sluice/service-shell';
import { Secret } from '@sluice/runtime';
import { numberOf, toAddress, type Body } from '../testkit/customer.js';
import type { ApiClient } from '../testkit/api-client.js';
import { signProof } from '@sluice/signing';
import { connectorOf, orderDigest, recipientDigest, type SignedRequest } from '@sluice/messages';
import { Amount } from '@sluice/kernel';
import { layoutOf, loadSecrets } from '@sluice/stack';
import { AttackedSystem, THIEF } from './testkit/attacked-system.js';
import { Foothold } from './testkit/foothold.js';

const ASSET = 'USDT.ETH';

describe('who has everything that intake-api has', () => {
  let target: AttackedSystem;
  let intake: Foothold;
  let api: ApiClient;
  beforeAll(async () => {
    target = await AttackedSystem.start('bybit');
    intake = new Foothold(target.sluice.system, 'intake-api');
    api = await target.signs();
  });
  afterAll(async () => {
    await intake.stop();
    await target.stop();
  });

  /** As intake-api would make it of a request. */
  function orderTo(address: string, amount = '5.25') {
    const destination = { type: 'address', address } as const;
    const terms = {
      withdrawalId: randomUUIDv7(),
      accountId: target.customer.accountId,
      asset: ASSET,
      fee: '1',
      recipientDigest: recipientDigest(destination),
    };
    const digest = orderDigest({ ...terms, amount });
    return { terms, amount, destination, digest };
  }
  type Order = ReturnType<typeof orderTo>;
  const placesHold = ({ terms, amount, digest }: Order, signedRequest?: SignedRequest) =>
    intake.says('ledger.commands', 'ledger.place-hold.v1', terms.accountId, {
      ...terms,
      amount: total(amount),
      payout: amount,
      digest,
      venue: 'gateio',
      ...(signedRequest && { signedRequest }),
    });
  const total = (amount: string): string =>
    Amount.of(amount, ASSET).plus(Amount.of('1', ASSET)).toString();
  /** The customer's signed request, visible to an attacker who controls intake-api. */
  function intercepted(request: Body): SignedRequest {
    const body = JSON.stringify(request);
    const headers = api.headersOf({ method: 'POST', target: '/v1/withdrawals', body });
    return {
      keyId: api.key.key_id,
      body,
      timestamp: headers['x-cpg-timestamp'] ?? '',
      signature: headers['x-cpg-signature'] ?? '',
    };
  }

  it('meets a customer whose signed orders are paid', async () => {
    const answered = await target.customer.post(toAddress(), { api });

    expect(answered).toMatchObject({ status: 200 });
    expect((await target.customer.isFinal(numberOf(answered), 60_000)).state).toBe('completed');
  });

  it('meets a customer whose request signed with a secret is refused with a reason', async () => {
    expect(await target.customer.post(toAddress())).toMatchObject({
      status: 403,
      message: 'Withdrawals of this account have to be signed with one of its own keys',
    });
  });

  it('has no order of its own paid', async () => {
    const noticed = await target.survives(() => placesHold(orderTo(THIEF)));

    expect(noticed.join()).toContain('ledger: order case');
  });

  it('causes no other recipient and no higher amount with a request signed by the customer', async () => {
    const request = toAddress();

    const noticed = await target.survives(async () => {
      await placesHold(orderTo(THIEF), intercepted(request));
      await placesHold(orderTo(String(request['to_address']), '500'), intercepted(request));
    });

    expect(noticed.join()).toContain('ledger: order case');
  });

  it('has nothing paid a second time by what the customer signed once', async () => {
    const request = toAddress();
    await target.customer.post(request, { api });
    const [row] = await intake.sql<{ signed_request: SignedRequest }>(
      'SELECT signed_request FROM withdrawal WHERE client_reference = $1',
      [request.client_reference],
    );

    const noticed = await target.survives(async () => {
      await placesHold(orderTo(String(request['to_address'])), row?.signed_request);
      await placesHold(orderTo(String(request['to_address'])), intercepted(request));
    });

    expect(noticed.join()).toContain('its request was taken before');
  });

  it('has nothing paid by a well-made order for which the ledger gave no receipt', async () => {
    const { terms, amount, destination, digest } = orderTo(THIEF);
    const { withdrawalId, accountId, fee } = terms;
    const clientReference = `w${'A'.repeat(23)}`;
    const notAfter = new Date(Date.now() + 3_600_000).toISOString();

    const noticed = await target.survives(async () => {
      for (const venue of ['gateio', 'bybit']) {
        const order = { withdrawalId, digest, venue, clientReference, notAfter };
        await intake.says(`venue.${venue}.commands`, 'venue.submit-withdrawal.v1', withdrawalId, {
          withdrawalId,
          accountId,
          asset: ASSET,
          amount,
          fee,
          destination,
          digest,
          notAfter,
          clientReference,
          keyId: 'ck_1',
          timedReceipt: `${notAfter}~1.${'A'.repeat(43)}`,
          order: signProof(intake.keys.with(connectorOf(venue)), { says: 'ordered', ...order }),
        });
      }
    });

    expect(noticed.join()).toContain('dead letter');
  });

  it('has nothing paid by rows that it writes into its own tables', async () => {
    await target.survives(() =>
      intake.sql(
        `INSERT INTO withdrawal (id, account_id, key_id, currency, network, decimals, destination, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, state, sequence, requested_at, updated_at)
         SELECT gen_random_uuid(), account_id, key_id, currency, network, decimals, $1::jsonb, amount, fee, venue, pinned, digest, order_seal, venue_client_reference, recipient, first_payment, first_step, 'requested', 1, now() - interval '1 hour', now() - interval '1 hour'
           FROM withdrawal WHERE state = 'completed' LIMIT 1`,
        [JSON.stringify({ type: 'address', address: THIEF })],
      ),
    );
  });

  it('cannot add a signer: the ledger requires two people, and accepts no service', async () => {
    const { home, run } = target.sluice.system;
    const { serviceKeys } = loadSecrets(layoutOf(home).secrets);
    const credential = new ServiceCredential(
      ...(['intake-api', 'ledger'] as const),
      new Secret(serviceKeys['intake-api']),
      () => new Date(),
    );
    const ledger = new LedgerAdmin({
      service: 'ledger',
      baseUrl: run.internal['ledger'] ?? '',
      timeoutMs: 10_000,
      token: () => credential.token(),
    });
    const { publicKey } = generateKeyPairSync('ed25519');
    const public_key = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

    await expect(
      ledger.addSigner(target.customer.accountId, { key_id: api.key.key_id, public_key }),
    ).rejects.toThrow('The service intake-api may not call this');
  });

  it('pays the customer on', async () => {
    await target.liftHalts();
    const answered = await target.customer.post(toAddress(), { api });

    expect((await target.customer.isFinal(numberOf(answered), 60_000)).state).toBe('completed');
  });
});
