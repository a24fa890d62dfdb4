import { HEAD, produceOf, responseOf } from '../../testkit/record-bytes.js';
import { fetchRequests, patchKafkajsRecords, produceRequests } from './patch-kafkajs-records.js';

const GZIP = 1;

describe('patchKafkajsRecords', () => {
  it.each([
    ['plain', 0],
    ['compressed', GZIP],
  ])('what is sent %s is read again, whoever codes it', async (_how, compression) => {
    const messages = [{ key: 'k', value: 'v', headers: { ce_id: '1' } }];
    patchKafkajsRecords();
    patchKafkajsRecords();

    const { buffer } = await produceRequests
      .protocol({ version: 7 })({ ...produceOf(messages), compression })
      .request.encode();
    const fetched = await fetchRequests
      .protocol({ version: 11 })({})
      .response.decode(responseOf(Buffer.from(buffer.subarray(HEAD))));

    const [key, value] = [Buffer.from('k'), Buffer.from('v')];
    expect(fetched).toMatchObject({
      responses: [
        {
          topicName: 'notes',
          partitions: [{ messages: [{ key, value, headers: { ce_id: '1' } }] }],
        },
      ],
    });
  });

  it('leaves versions that it does not know to kafkajs', async () => {
    patchKafkajsRecords();

    const { buffer } = await produceRequests
      .protocol({ version: 2 })(produceOf([{ value: 'v' }]))
      .request.encode();

    expect(buffer.readInt16BE(0)).toBe(-1); // acknowledgements come first there
    expect(buffer.includes('notes')).toBe(true);
  });
});
