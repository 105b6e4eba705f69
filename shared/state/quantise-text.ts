/**
 * The longest prefix of whole characters that fits `maxBytes` of UTF-8, with the replacement character in
 * place of lone surrogates and without a leading byte-order mark, which decoders drop: what is committed is
 * exactly what a client decodes.
 */
export function quantiseText(value: string, maxBytes: number): string {
  // At most three bytes a UTF-16 unit: most texts need no counting, and well-formed ones no copy.
  const text = withoutMark(value.isWellFormed() ? value : value.toWellFormed());
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character.codePointAt(0) ?? 0);
    if (bytes > maxBytes) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

function withoutMark(text: string): string {
  let start = 0;
  while (text.charCodeAt(start) === 0xfeff) start++;
  return start === 0 ? text : text.slice(start);
}

function utf8Length(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x1_0000 ? 3 : 4;
}
