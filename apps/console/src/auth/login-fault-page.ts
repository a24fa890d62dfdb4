/** Page for a login that failed: a sentence, and a link to try again. */
export function loginFaultPage(sentence: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sluice: login</title></head>
<body><p role="alert">${escaped(sentence)}</p><p><a href="/auth/login">Try again</a></p></body>
</html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
