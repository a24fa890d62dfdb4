import ts from 'typescript';

/** What the comments of a class say: of itself, and of each of its fields. */
export interface ClassWords {
  readonly about: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The doc comments of every class in these sources, by its name. The message classes are the one place where a message is described. */
export function docComments(sources: readonly string[]): ReadonlyMap<string, ClassWords> {
  const classes = sources.flatMap((source) => {
    const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
    return file.statements.filter(ts.isClassDeclaration);
  });
  return new Map(
    classes.map((declared) => [
      declared.name?.text ?? '',
      { about: withoutType(commentOf(declared)), fields: fieldsOf(declared) },
    ]),
  );
}

function fieldsOf(declared: ts.ClassDeclaration): Readonly<Record<string, string>> {
  const fields = declared.members.filter(ts.isPropertyDeclaration);
  return Object.fromEntries(fields.map((field) => [field.name.getText(), commentOf(field)]));
}

function commentOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '').join(' ');
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** A class begins with the name of its type, which stands above it on a page of its own. */
function withoutType(comment: string): string {
  const said = comment.replace(/^`[\w.-]+`[:;]?\s*/, '');
  return said.charAt(0).toUpperCase() + said.slice(1);
}
