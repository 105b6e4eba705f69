import { randomBytes } from "node:crypto";

/** Without 0, O, I and l, which people mistake for one another. */
const ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const LENGTH = 11;

/** A new room id: 64 bits of chance, because the id of a private room is its invitation. */
export function randomRoomId(): string {
  let id = "";
  while (id.length < LENGTH)
    // Bytes beyond the alphabet are thrown away, so that every letter is equally likely.
    for (const byte of randomBytes(LENGTH)) if (id.length < LENGTH) id += ALPHABET[byte & 63] ?? "";
  return id;
}
