import { docComments } from './doc-comments.js';

describe('docComments', () => {
  it('reads what is said of a class and of its fields, each as one line', () => {
    const words = docComments([
      `
/** \`thing.made.v1\`: it is there;
 * \`id\` is new. */
export class MadeV1 {
  /** Its
   *  number. */
  @IsLabel() id!: string;
  @IsLabel() other!: string;
}
/** Of no type. */
class Plain {}
`,
    ]);

    expect(words.get('MadeV1')).toEqual({
      about: 'It is there; `id` is new.',
      fields: { id: 'Its number.', other: '' },
    });
    expect(words.get('Plain')).toEqual({ about: 'Of no type.', fields: {} });
  });
});
