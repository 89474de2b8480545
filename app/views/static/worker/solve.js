// Work for the security check: finds the number whose SHA-256 after the salt is the wanted one. In a worker of its own.
"use strict";
const primes = [];
for (let number = 2; primes.length < 64; number += 1) if (primes.every((prime) => number % prime)) primes.push(number);
const fraction = (value) => ((value - Math.floor(value)) * 2 ** 32) | 0;
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const K = Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));
const W = new Int32Array(64);

// The digest of a text of at most 55 ASCII letters (one block), as eight words.
const digest = (text) => {
  W.fill(0, 0, 16);
  for (let i = 0; i < text.length; i += 1) W[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  W[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  W[15] = text.length * 8;
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15], y = W[i - 2];
    W[i] = W[i - 16] + W[i - 7]
      + (((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3))
      + (((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))) + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const two = ((((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => (word + START[i]) | 0);
};

self.addEventListener("message", ({ data: { salt, challenge, most } }) => {
  const wanted = challenge.match(/.{8}/g).map((word) => parseInt(word, 16) | 0);
  for (let number = 0; number <= most; number += 1) {
    const found = digest(`${salt}.${number}`);
    if (found[0] === wanted[0] && found.every((word, i) => word === wanted[i])) {
      self.postMessage(number);
      return;
    }
  }
  self.postMessage(null);
});
