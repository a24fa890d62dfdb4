import { IsIn } from 'class-validator';
import { dataSchema } from './data-schema.js';
import { withdrawalEvents } from './withdrawal-events.topic.js';
import { venueCommands } from './venue-commands.topic.js';
import { VENUE_EVENTS } from './venue-events.topic.js';
import { topic } from './topic.js';

describe('dataSchema', () => {
  it('describes each field by the checks of its decorator', () => {
    const { required, properties } = dataSchema(withdrawalEvents, 'withdrawal.completed.v1');

    expect(required).toContain('sequence');
    expect(properties).toMatchObject({
      sequence: { type: 'integer', minimum: 1 },
      clientReference: { type: ['string', 'null'], minLength: 1, maxLength: 128 },
    });
  });

  it('lets an optional field be missing or null', () => {
    const { required, properties } = dataSchema(
      venueCommands('gateio'),
      'venue.submit-withdrawal.v1',
    );

    expect(required).not.toContain('digest');
    expect(properties?.['digest']).toMatchObject({
      type: ['string', 'null'],
      pattern: '^[0-9a-f]{64}$',
    });
  });

  it('names the venue on the topic of a venue', () => {
    const [one] = VENUE_EVENTS;
    if (!one) throw new Error('a venue to look at');

    expect(dataSchema(one, 'venue.paid.v1').properties?.['venue']).toMatchObject({
      const: one.venue,
    });
  });

  it('knows no type of another topic, and no decorator without a schema', () => {
    class WithChoice {
      @IsIn(['a']) choice!: string;
    }
    const one = topic('one', {
      producedBy: 'a',
      consumedBy: null,
      key: 'choice',
      types: { 'a.b.v1': WithChoice },
    });

    expect(() => dataSchema(one, 'a.c.v1')).toThrow('a.c.v1 is not a type of one');
    expect(() => dataSchema(one, 'a.b.v1')).toThrow(
      'WithChoice.choice has a decorator without a JSON Schema',
    );
  });
});
