import { namedCheaply } from '../keep-names.mjs';

describe('the helper that keeps names', () => {
  it('defines the name only of a function with another name', () => {
    const helper =
      'var __name = (target2, value) => __defProp(target2, "name", { value, configurable: true });';

    expect(namedCheaply(`var a = 1;\n${helper}\nvar b = 2;`)).toBe(
      'var a = 1;\nvar __name = (target2, value) => target2.name === value ? target2 : __defProp(target2, "name", { value, configurable: true });\nvar b = 2;',
    );
  });

  it('is not changed unnoticed by another version of the bundler', () => {
    expect(() => namedCheaply('var __name = rename;')).toThrow('no known helper');
  });
});
