import { messageChanges, type EventsDocument } from './message-changes.js';

const SCHEMA = {
  type: 'object',
  required: ['id', 'state'],
  properties: { id: { type: 'string', maxLength: 10 }, state: { type: 'string' } },
};

function document(schema: object = SCHEMA, channel: object = {}): EventsDocument {
  return {
    channels: {
      'thing.events': {
        messages: { 'thing.made.v1': {} },
        'x-key': 'id',
        'x-read-by': 'anybody',
        ...channel,
      },
    },
    components: { schemas: { 'thing.made.v1': { ...schema } } },
  };
}

describe('messageChanges', () => {
  it('lets pass an optional field, and a type more', () => {
    const wider = { ...SCHEMA, properties: { ...SCHEMA.properties, note: { type: 'string' } } };
    const types = { messages: { 'thing.made.v1': {}, 'thing.made.v2': {} } };

    expect(messageChanges(document(), document(wider, types))).toEqual([]);
  });

  it.each<[string, EventsDocument, string]>([
    ['a topic', { ...document(), channels: {} }, 'thing.events: is gone'],
    ['a type', document(SCHEMA, { messages: {} }), 'thing.events: thing.made.v1 is gone'],
    ['another key', document(SCHEMA, { 'x-key': 'state' }), 'thing.events: its key is now state'],
    [
      'a topic that is shut',
      document(SCHEMA, { 'x-read-by': 'ledger' }),
      'thing.events: may no longer be read by anybody',
    ],
    [
      'a field that may be missing',
      document({ ...SCHEMA, required: ['id'] }),
      'thing.made.v1.state: may now be missing',
    ],
    [
      'a field that messages of before do not have',
      document({
        ...SCHEMA,
        required: [...SCHEMA.required, 'note'],
        properties: { ...SCHEMA.properties, note: { type: 'string' } },
      }),
      'thing.made.v1.note: is now required',
    ],
    [
      'a limit that messages of before break',
      document({
        ...SCHEMA,
        properties: { ...SCHEMA.properties, id: { type: 'string', maxLength: 5 } },
      }),
      'thing.made.v1.id: maxLength is stricter than before',
    ],
    [
      'a limit that readers of before rely on',
      document({
        ...SCHEMA,
        properties: { ...SCHEMA.properties, id: { type: 'string', maxLength: 20 } },
      }),
      'thing.made.v1.id: maxLength is wider than before',
    ],
  ])('finds what a reader cannot live with: %s', (_what, newer, sentence) => {
    expect(messageChanges(document(), newer)).toEqual([sentence]);
  });
});
