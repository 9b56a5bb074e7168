// What a browser needs of libsodium: its sealed box, and whether somebody signed something.
//
// The nonce of a sealed box is BLAKE2b-24 of both public keys, the sender's being made for this one
// message; its private half, with which alone the sender could read it again, is wiped.
import { blake2b } from "blakejs/blake2b.js";
import nacl from "tweetnacl/nacl.js";

export function seal(message, publicKey) {
  const once = nacl.box.keyPair();
  const keys = new Uint8Array(64);
  keys.set(once.publicKey);
  keys.set(publicKey, 32);
  const box = nacl.box(message, blake2b(keys, null, 24), publicKey, once.secretKey);
  once.secretKey.fill(0);
  const sealed = new Uint8Array(32 + box.length);
  sealed.set(once.publicKey);
  sealed.set(box, 32);
  return sealed;
}

export const isSigned = (message, signature, publicKey) =>
  nacl.sign.detached.verify(message, signature, publicKey);
