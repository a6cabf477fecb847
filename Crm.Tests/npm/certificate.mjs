// Checks the certificate of an erasure with Node's own Ed25519, and tries it with every byte changed.
import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { keys, certificate } = JSON.parse(readFileSync(0, 'utf8'));
const read = text => JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
const isValid = text => {
  const [header, payload, signature] = text.split('.');
  try {
    const { alg, kid } = read(header);
    const jwk = keys.keys.find(key => key.kid === kid);
    return alg === 'EdDSA' && verify(null, Buffer.from(`${header}.${payload}`), createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64url'));
  } catch {
    return false;
  }
};

let changed = 0;
const [header, payload, signature] = certificate.split('.').map(part => Buffer.from(part, 'base64url'));
for (const part of [header, payload, signature])
  for (let i = 0; i < part.length; i++) {
    part[i] ^= 1;
    if (isValid([header, payload, signature].map(one => one.toString('base64url')).join('.'))) changed++;
    part[i] ^= 1;
  }
console.log(JSON.stringify({ valid: isValid(certificate), changed, payload: read(certificate.split('.')[1]) }));
